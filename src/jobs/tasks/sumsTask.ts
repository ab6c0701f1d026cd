import type { BinRange } from "../../core/measure/histogram";
import { findScheme, isHqqScheme } from "../../core/quant/registry";
import type { Scheme } from "../../core/quant/scheme";
import { commonUnit, cutRule } from "./cutRule";
import { hqqSums } from "./hqqRun";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";
import { addedSums, type TensorSums } from "./tensorSums";

/** Takes the sums of a piece of a tensor. */
export interface SumsTask {
  kind: "sums";
  slice: Slice;
  /** Of the tensor. */
  shape: readonly number[];
  /** Identifiers of schemes with such sums. */
  schemes: string[];
  /** Least and greatest value of the whole tensor. */
  range: BinRange;
}

export function runSums({ slice, shape, schemes, range }: SumsTask, environment: TaskEnvironment): TensorSums {
  return sumsOf([slice], shape, schemes.map(findScheme), range, environment);
}

/** The sums of some slices for those of the schemes that need any. */
export function sumsOf(
  slices: readonly Slice[],
  shape: readonly number[],
  schemes: readonly Scheme[],
  range: BinRange,
  environment: TaskEnvironment,
): TensorSums {
  let found: TensorSums = {};
  for (const scheme of schemes) {
    if (!scheme.tensorSums) continue;
    for (const slice of slices) {
      forEachChunk(environment, slice, commonUnit(slice.dtype, [cutRule(scheme, shape)]), 0, (count) => {
        const { workspace } = environment;
        const sums = isHqqScheme(scheme)
          ? hqqSums(scheme, environment, count)
          : scheme.tensorSums!(workspace.floats(workspace.x, count), range);
        found = addedSums(found, { [scheme.id]: sums });
      });
    }
  }
  return found;
}
