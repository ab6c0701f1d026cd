import type { RandomAccessFile } from "../../file";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { CheckpointFormat } from "../checkpointFormat";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, quoteName } from "../text";
import { reportTruncation } from "../truncation";
import { isZip } from "../zip/zip";
import { readArchive } from "./archive";
import { arrayTensor } from "./arrayTensor";
import { isArray, readArrayHeader } from "./header";
import { openAlone } from "../singleFile";

/** NumPy's arrays: one in a `.npy` file, several in a `.npz` archive. */
export const numpyFormat: CheckpointFormat = {
  id: "numpy",
  label: "NumPy",

  matches: isArray,

  // numpy.savez without arrays writes an empty archive.
  holds: (members) => members.length === 0 || members.some((name) => name.endsWith(".npy")),

  open: (file) =>
    openAlone("numpy", file, async (diagnostics) => {
      const head = new Uint8Array(Math.min(4, file.size));
      await file.read(0, head);
      const tensors = isZip(head) ? await readArchive(file, diagnostics) : [await readArray(file, diagnostics)];
      return { tensors, metadata: [] };
    }),
};

async function readArray(file: RandomAccessFile, diagnostics: DiagnosticList): Promise<TensorInfo> {
  const header = await readArrayHeader(file.name, async (count) => {
    const start = new Uint8Array(Math.min(count, file.size));
    await file.read(0, start);
    return start;
  });
  const offset = header.headerBytes;
  const tensor = arrayTensor(file.name.replace(/\.npy$/i, ""), header, { file: file.name, ref: file.ref, offset }, diagnostics);
  reportTruncation([tensor], file, diagnostics);
  const end = offset + tensor.bytes;
  if (end < file.size) {
    diagnostics.add("info", "numpy.trailing-bytes", `${quoteName(file.name)} has ${countBytes(file.size - end)} after its array`, {
      file: file.name,
      offset: end,
      expected: `a file of ${countBytes(end)}`,
      found: countBytes(file.size),
      hint: "Several calls of numpy.save to one file leave such bytes. Only the first array is shown.",
    });
  }
  return tensor;
}
