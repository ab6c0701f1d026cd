import { findDoubleDecoder } from "../../core/decode/doubleDecoder";
import type { Share } from "./control";
import { bytesOf, type Slice, sliceFrom, type TaskEnvironment, valuesPerChunk } from "./slice";

/**
 * Reads a slice of a type that float32 cannot hold (one that `findDoubleDecoder` knows) in chunks, as float64.
 *
 * @param visit called with the values of each chunk, which are overwritten by the next
 */
export function forEachDoubleChunk(environment: TaskEnvironment, slice: Slice, share: Share, visit: (values: Float64Array) => void): void {
  const { workspace, source, control } = environment;
  const decode = findDoubleDecoder(slice.dtype);
  if (!decode) throw new RangeError(`${slice.dtype} is not decoded to float64`);
  const step = valuesPerChunk(slice.dtype, 1);
  const doubles = new Float64Array(Math.min(step, slice.values));
  for (let start = 0; start < slice.values; start += step) {
    control.check();
    const part = sliceFrom(slice, start, Math.min(step, slice.values - start));
    const bytes = bytesOf(part.dtype, part.values);
    const input = workspace.bytes(workspace.input, bytes);
    source.read(part.offset, input);
    const values = doubles.subarray(0, part.values);
    decode(input, values);
    visit(values);
    control.advance(bytes, share);
  }
}
