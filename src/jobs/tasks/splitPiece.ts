import { firstNonFinite } from "../../core/measure/nonFinite";
import { findSplitScheme } from "../../core/quant/split/registry";
import { arithmeticOf } from "../../core/quant/split/roundTo";
import type { PartRegion, SplitMatrix } from "../../core/quant/split/splitScheme";
import { findDType } from "../../core/tensor/dtype";
import { leastCommonMultiple } from "./cutRule";
import type { OutputFile } from "./outputFile";
import { overflow, refuseNonFinite } from "./refusals";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** How a matrix is stored in several tensors. */
export interface SplitPiece {
  scheme: string;
  matrix: SplitMatrix;
  /** Where each part begins in the output. */
  at: readonly number[];
  /** Of the whole matrix, for schemes that need them. */
  sums: readonly number[];
}

/**
 * Quantizes a piece of a matrix that is stored in several tensors: codes to one, their scales and what else there is to
 * others. Each region is written once, since its runs may be many and short.
 *
 * @param from index, in the matrix, of the first value
 */
export function quantizeSplit(
  { tensor, slice, from, split }: { tensor: string; slice: Slice; from: number; split: SplitPiece },
  environment: TaskEnvironment,
  output: OutputFile,
): void {
  const { matrix, at, sums } = split;
  const { workspace } = environment;
  const scheme = findSplitScheme(split.scheme)!;
  const parts = scheme.parts(matrix);
  const { dtype, round } = arithmeticOf(matrix.dtype);
  const unit = leastCommonMultiple(scheme.unit(matrix), findDType(slice.dtype)!.blockSize);
  const whole = scheme.regions(matrix, from, slice.values);
  const stored = whole.map(({ bytes, runs }) => new Uint8Array(bytes * runs));
  forEachChunk(environment, slice, unit, 1, (count, start) => {
    const values = workspace.floats(workspace.x, count);
    refuseNonFinite(workspace.kernels.firstNonFinite(workspace.x, count), tensor, from + start);
    // A loader of the original has rounded them as well.
    if (dtype !== "F32" && slice.dtype !== dtype) {
      for (let i = 0; i < count; i++) values[i] = round(values[i]!);
      const place = workspace.kernels.firstNonFinite(workspace.x, count);
      if (place >= 0) throw overflow(dtype, tensor, from + start + place);
    }
    const regions = scheme.regions(matrix, from + start, count);
    const bytes = regions.map((region) => new Uint8Array(region.bytes * region.runs));
    scheme.quantize(values, matrix, sums, bytes);
    for (const [index, region] of regions.entries()) {
      if (firstNonFinite(parts[index]!.dtype, bytes[index]!) >= 0) throw overflow(parts[index]!.dtype, tensor, from + start);
      putRegion(bytes[index]!, region, stored[index]!, whole[index]!);
    }
  });
  for (const [index, region] of whole.entries()) output.writeRegion(stored[index]!, at[index]!, region);
}

/** Copies a region into a larger one of the same part. */
function putRegion(bytes: Uint8Array, { at, bytes: each, runs }: PartRegion, into: Uint8Array, larger: PartRegion): void {
  const first = at - larger.at;
  for (let run = 0; run < runs; run++) into.set(bytes.subarray(run * each, (run + 1) * each), first + run * larger.bytes);
}
