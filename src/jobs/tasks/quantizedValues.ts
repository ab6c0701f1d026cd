import type { BinRange } from "../../core/measure/histogram";
import { findScheme } from "../../core/quant/registry";
import { matrixShape } from "../../core/tensor/tensorInfo";
import { commonUnit, cutRule, leastCommonMultiple } from "./cutRule";
import { schemeRun } from "./schemeRun";
import type { TaskEnvironment } from "./slice";
import type { TensorSums } from "./tensorSums";

/** A type that a tensor's values go through in memory: they are quantized and dequantized as they are read. */
export interface QuantizedAs {
  /** Identifier of a scheme that is applicable to the shape. */
  scheme: string;
  /** Of the tensor. */
  shape: readonly number[];
  /** Least and greatest value of the whole tensor, and sums over it, for schemes that need them. */
  range: BinRange;
  sums: TensorSums;
  /** Importance weights of the columns. */
  importance?: Float32Array;
}

/** Values that must stay together when a tensor of a stored type goes through a scheme. */
export function quantizedUnit(dtype: string, { scheme, shape, importance }: Pick<QuantizedAs, "scheme" | "shape" | "importance">): number {
  const unit = commonUnit(dtype, [cutRule(findScheme(scheme), shape)]);
  return importance ? leastCommonMultiple(unit, Math.max(1, matrixShape(shape).columns)) : unit;
}

/**
 * What becomes of the values at `workspace.x`: those that a file of the type would give back, or the values themselves without one.
 *
 * @returns a view of the workspace, valid until the next call
 */
export function quantizedValues(as: QuantizedAs | undefined, environment: TaskEnvironment): (count: number) => Float32Array {
  const { workspace } = environment;
  const { x, y } = workspace;
  if (!as) return (count) => workspace.floats(x, count);
  const { scheme, shape, range, sums, importance } = as;
  const context = { columns: matrixShape(shape).columns, range, sums, ...(importance ? { importance } : {}) };
  const run = schemeRun(findScheme(scheme), environment, context);
  return (count) => {
    run(count, 0, y);
    return workspace.floats(y, count);
  };
}
