import type { ComparedMethod, ComparedSetting, SettingErrors } from "../../core/gptq/comparedSetting";
import { checkGptqOptions, type GptqOptions } from "../../core/gptq/options";
import { factorOptions, type FactorOptions, type GptqTarget } from "../../core/gptq/layerTarget";
import { columnRuns } from "../../core/gptq/columnRuns";
import type { ColumnErrors } from "../../core/gptq/outputErrors";
import { shareOf } from "../calibrated/blockMethod";
import { factorSums, quantizeLayer, rowPieces } from "../calibrated/gptqLayer";
import type { JobContext } from "../contract";
import { JobRun, type TaskRunner } from "../jobRun";
import { noFile } from "../model/forwardPass";
import type { SharedFactor } from "../tasks/factorTask";
import { awqValues } from "./awqValues";
import type { CollectedLayer } from "./collectLayer";

export interface CompareSettingsInput {
  readonly layer: CollectedLayer;
  readonly settings: readonly ComparedSetting[];
  /**
   * Called as each is done, and waited for.
   *
   * @param index in `settings`
   * @param values that take the place of the weights, float32
   */
  onErrors(index: number, errors: SettingErrors, values: SharedArrayBuffer): void | Promise<void>;
}

/**
 * Quantizes one layer in several ways, one after the other, and measures each on inputs that it was not quantized with.
 *
 * @throws UsageError `bad-gptq-option`, `too-large`; FormatError `gptq.not-finite`, `gptq.not-positive-definite`; CancelledError
 */
export async function compareSettings(pool: TaskRunner, input: CompareSettingsInput, context: JobContext): Promise<void> {
  const { layer, settings, onErrors } = input;
  for (const { options } of settings) checkGptqOptions(options);
  // Quantizing and judging count alike.
  const bytes = 2 * shareOf(layer.linear) * settings.length;
  await JobRun.run(pool, context, { bytes, effort: Infinity }, async (run) => {
    let last: { key: string; factor: SharedFactor } | undefined;
    for (const [index, { method, options }] of settings.entries()) {
      if (method === "awq") {
        const values = await awqValues(run, layer, options);
        await onErrors(index, { ...(await measure(run, layer, values, pool.threads)), damping: 0 }, values);
        continue;
      }
      const target = targetOf(method, options);
      const key = JSON.stringify([method, factorOptions(target)]);
      if (last?.key !== key) last = { key, factor: await factorOf(run, layer, method, factorOptions(target)) };
      const { factor } = last;
      const { values } = await quantizeLayer(run, layer.linear, { target, factor, weights: layer.weights }, pool.threads);
      await onErrors(index, { ...(await measure(run, layer, values, pool.threads)), damping: factor.damping }, values);
    }
  });
}

/** What needs no inputs themselves, only their sums. */
type SummedMethod = Exclude<ComparedMethod, "awq">;

/** Rounding knows of no inputs, and so of no order by them. */
function targetOf(method: SummedMethod, options: GptqOptions): GptqTarget {
  return { kind: "integers", options: method === "gptq" ? options : { ...options, order: "stored" } };
}

function factorOf(run: JobRun, layer: CollectedLayer, method: SummedMethod, options: FactorOptions): Promise<SharedFactor> {
  return method === "gptq" ? factorSums(run, layer.calibration, options) : Promise.resolve(unitFactor(layer.calibration.shape));
}

/** With the factor of the unit matrix no error reaches another column: what remains of GPTQ is rounding to nearest on its grids. */
function unitFactor({ stride: size, columns }: { stride: number; columns: number }): SharedFactor {
  const upper = new SharedArrayBuffer(4 * size * size);
  const values = new Float32Array(upper);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  const order = Int32Array.from({ length: columns }, (_, column) => column);
  return { upper, size, columns, order, dead: [], damping: 0 };
}

/** @param values that take the place of the weights */
async function measure(
  run: JobRun,
  { linear, weights, heldOut, signal }: CollectedLayer,
  values: SharedArrayBuffer,
  threads: number,
): Promise<Omit<SettingErrors, "damping">> {
  const parts = await Promise.all(
    rowPieces(linear, threads).map((piece) => run.task({ kind: "outputErrors", weights, values, ...heldOut, ...piece }, noFile)),
  );
  const sum = (of: (part: ColumnErrors) => Float64Array): Float64Array =>
    Float64Array.from({ length: linear.inputs }, (_, column) => parts.reduce((total, part) => total + of(part)[column]!, 0));
  // A layer whose held-out inputs are all 0 has no errors either.
  const relative = signal > 0 ? 1 / signal : 0;
  const output = sum((part) => part.output).map((value) => value * relative);
  const weight = sum((part) => part.weight);
  const total = (all: Float64Array): number => all.reduce((before, value) => before + value, 0);
  return {
    outputError: total(output),
    weightRmse: Math.sqrt(total(weight) / (linear.outputs * linear.inputs)),
    columns: columnRuns({ output, weight }, linear.outputs),
  };
}
