import { throwIfAborted } from "../core/errors";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { countValues } from "../core/tensor/tensorInfo";
import { writeFileAtomically } from "../io/atomicFile";
import type { JobContext } from "./contract";
import { checkNotInput } from "./inputFiles";
import { decodeRun, openTensor, readBlocks } from "./tensorBytes";

/** Values decoded and written at a time. */
const stepValues = 2 ** 20;

/**
 * The header of a float32 .npy file, version 1.0: magic, length, a Python dictionary, padded with spaces so that the
 * data begins at a multiple of 64 bytes.
 */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const prefix = 10;
  const length = Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix;
  const text = `${dictionary.padEnd(length - 1)}\n`;
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, length & 255, length >> 8]), Buffer.from(text, "latin1")]);
}

export interface WrittenNpy {
  name: string;
  shape: number[];
  out: string;
  /** Of the file. */
  bytes: number;
}

/**
 * Writes a whole tensor, decoded to float32, piece by piece; the file appears only when it is complete.
 *
 * @throws UsageError `unreadable-tensor`, `output-is-input`; FormatError when it cannot be read or written; CancelledError
 */
export async function writeNpy(checkpoint: Checkpoint, index: number, out: string, context: JobContext): Promise<WrittenNpy> {
  const tensor = openTensor(checkpoint, index);
  await checkNotInput(checkpoint, out);
  const { name, shape, bytes } = tensor.info;
  const header = npyHeader(shape);
  const values = countValues(shape);
  await writeFileAtomically(
    out,
    async (handle) => {
      await handle.writeFile(header);
      for (let start = 0; start < values; start += stepValues) {
        throwIfAborted(context.signal);
        const count = Math.min(stepValues, values - start);
        const decoded = decodeRun(tensor, await readBlocks(tensor, start, count, context.signal));
        await handle.writeFile(new Uint8Array(decoded.buffer, decoded.byteOffset, 4 * count));
        context.progress((bytes * (start + count)) / values, bytes);
      }
    },
    context.signal,
  );
  return { name, shape: [...shape], out, bytes: header.length + 4 * values };
}
