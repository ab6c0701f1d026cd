import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, quoteName } from "../text";
import { openZip, type ZipEntry } from "../zip/zip";
import { entryBytes, readEntry } from "../zip/zipContent";
import { arrayTensor } from "./arrayTensor";
import { isArray, readArrayHeader } from "./header";

/**
 * The arrays of a `.npz` archive. A member that cannot be shown is reported; the others are.
 * @throws FormatError when none of its members can be shown
 */
export async function readArchive(file: RandomAccessFile, diagnostics: DiagnosticList): Promise<TensorInfo[]> {
  const tensors = new Map<string, TensorInfo>();
  let refusal: FormatError | undefined;
  for (const entry of await openZip(file)) {
    if (!entry.name.endsWith(".npy") && !(await startsLikeArray(file, entry))) {
      reportOther(file, entry, diagnostics);
      continue;
    }
    try {
      const tensor = await readMember(file, entry, diagnostics);
      if (tensors.has(tensor.name)) reportRepeated(file, entry, diagnostics);
      tensors.set(tensor.name, tensor);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refusal ??= error;
      diagnostics.push({ ...error.toDiagnostic("error"), file: file.name, tensor: entry.name, offset: entry.offset });
    }
  }
  if (tensors.size === 0 && refusal) throw new FormatError(refusal.code, refusal.message, { ...refusal.fields, file: file.name });
  return [...tensors.values()];
}

/** NumPy goes by content: members without the ending are arrays, too. */
async function startsLikeArray(file: RandomAccessFile, entry: ZipEntry): Promise<boolean> {
  try {
    return isArray(await readEntry(file, entry, 8));
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

async function readMember(file: RandomAccessFile, entry: ZipEntry, diagnostics: DiagnosticList): Promise<TensorInfo> {
  const header = await readArrayHeader(entry.name, (count) => readEntry(file, entry, count));
  const { ref: bytes, offset } = entryBytes(file, entry);
  // NumPy refuses members whose checksum is another; torch.load does not look at it.
  const ref = bytes.kind === "inflated" && entry.crc !== undefined ? { ...bytes, crc: entry.crc } : bytes;
  const place = { file: file.name, ref, offset: offset + header.headerBytes };
  const tensor = arrayTensor(entry.name.replace(/\.npy$/, ""), header, place, diagnostics);
  if (header.headerBytes + tensor.bytes > entry.bytes) {
    throw new FormatError("numpy.member-cut", `The array ${quoteName(entry.name)} is not whole`, {
      file: file.name,
      offset: entry.offset,
      expected: countBytes(tensor.bytes),
      found: countBytes(entry.bytes - header.headerBytes),
      hint: "The archive is damaged. Download or save it again.",
    });
  }
  return ref.kind === "inflated" ? { ...tensor, offset: entry.offset, bytes: entry.compressedBytes } : tensor;
}

function reportOther(file: RandomAccessFile, entry: ZipEntry, diagnostics: DiagnosticList): void {
  diagnostics.add("info", "numpy.other-member", `${quoteName(entry.name)} is not an array`, {
    file: file.name,
    offset: entry.offset,
    expected: "members that are arrays",
    found: entry.name.slice(0, 200),
    hint: "It is not shown.",
  });
}

function reportRepeated(file: RandomAccessFile, entry: ZipEntry, diagnostics: DiagnosticList): void {
  diagnostics.add("error", "numpy.duplicate-name", `The archive has ${quoteName(entry.name)} twice; the last one is shown`, {
    file: file.name,
    tensor: entry.name,
    offset: entry.offset,
    expected: "each name once",
    found: "a second member",
    hint: "Save the arrays again with numpy.savez.",
  });
}
