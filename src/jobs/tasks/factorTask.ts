import type { InputSums } from "../../core/gptq/hessian";
import { factorInverse } from "../../core/gptq/inverseFactor";
import type { FactorOptions } from "../../core/gptq/layerTarget";
import type { TaskEnvironment } from "./slice";

/** Factors the inverse Hessian of some layers with the same inputs. */
export interface FactorTask {
  kind: "factor";
  /** Float32 sums of the inputs. */
  sums: SharedArrayBuffer;
  shape: Omit<InputSums, "lower">;
  options: FactorOptions;
}

/** A factor in memory that all threads share: see `InverseFactor`. */
export interface SharedFactor {
  /** float32, `size` × `size` */
  upper: SharedArrayBuffer;
  size: number;
  columns: number;
  order: Int32Array;
  dead: readonly number[];
  damping: number;
}

/** @throws FormatError `gptq.not-finite`, `gptq.not-positive-definite` */
export function runFactor({ sums, shape, options }: FactorTask, { workspace }: TaskEnvironment): SharedFactor {
  const { kernels, arena } = workspace.matrices();
  const inputs: InputSums = { ...shape, lower: new Float32Array(sums) };
  const { upper, columns, order, dead, damping } = factorInverse(kernels, arena, inputs, options);
  const shared = new SharedArrayBuffer(4 * upper.size * upper.size);
  new Float32Array(shared).set(arena.floats(upper.address, upper.size * upper.size));
  return { upper: shared, size: upper.size, columns, order, dead, damping };
}
