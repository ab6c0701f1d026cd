import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes } from "../text";
import { reportTruncation } from "../truncation";
import { reportZeroTail } from "../zeroTail";
import { parseHeader } from "./header";
import { prefixBytes } from "./headerReport";
import { checkLayout } from "./layout";

/** What one safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: readonly TensorInfo[];
  readonly metadata: ReadonlyMap<string, string>;
}

const openBrace = 0x7b;

/** Whether a file starts like a safetensors file: a plausible header length, then the start of a JSON object. */
export function isSafetensors(head: Uint8Array): boolean {
  if (head.length <= prefixBytes || head[prefixBytes] !== openBrace) return false;
  return new DataView(head.buffer, head.byteOffset).getBigUint64(0, true) <= BigInt(limits.safetensorsHeaderBytes);
}

/**
 * Reads the header of one file: a shard or a whole checkpoint.
 * @param index the file's place in `Checkpoint.files`
 * @throws FormatError when there is no usable header
 */
export async function readSafetensors(file: RandomAccessFile, index: number, diagnostics: DiagnosticList): Promise<SafetensorsContent> {
  const bytes = new Uint8Array(await readHeaderLength(file));
  await file.read(prefixBytes, bytes);
  const header = parseHeader(bytes, file.name, index, diagnostics);
  checkLayout(header.entries, { file: file.name, start: prefixBytes + bytes.length, fileBytes: file.size }, diagnostics);
  reportTruncation(header.tensors, file, diagnostics);
  await reportZeroTail(file, header.tensors, diagnostics);
  return { tensors: header.tensors, metadata: header.metadata };
}

/** Reads and checks the length of the JSON header before anything of that length is allocated. */
async function readHeaderLength(file: RandomAccessFile): Promise<number> {
  if (file.size < prefixBytes) {
    throw new FormatError("safetensors.header-too-small", `"${file.name}" is too small for a safetensors file`, {
      file: file.name,
      offset: 0,
      expected: `at least ${prefixBytes} bytes`,
      found: countBytes(file.size),
      hint: "The download or copy was interrupted. Download the file again.",
    });
  }
  const prefix = new Uint8Array(prefixBytes);
  await file.read(0, prefix);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > limits.safetensorsHeaderBytes) {
    throw new FormatError("safetensors.header-too-large", `The first 8 bytes of "${file.name}" are no header length`, {
      file: file.name,
      offset: 0,
      expected: `a length of at most ${countBytes(limits.safetensorsHeaderBytes)}`,
      found: countBytes(length),
      hint: "This is not a safetensors file, or its start is damaged. Download it again.",
    });
  }
  if (prefixBytes + length > file.size) {
    throw new FormatError("safetensors.header-cut", `"${file.name}" ends inside its header`, {
      file: file.name,
      offset: file.size,
      expected: `a header of ${countBytes(length)}`,
      found: countBytes(file.size - prefixBytes),
      hint: "The download or copy was interrupted. Download the file again.",
    });
  }
  if (length < 2) {
    throw new FormatError("safetensors.header-empty", `The header of "${file.name}" is empty`, {
      file: file.name,
      offset: 0,
      expected: "a header of at least 2 bytes",
      found: countBytes(length),
      hint: "The file is damaged. Download it again.",
    });
  }
  return length;
}
