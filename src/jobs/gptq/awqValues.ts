import { awqBytes } from "../../core/awq/inputs";
import type { AwqOptions } from "../../core/awq/awqGrid";
import { UsageError } from "../../core/errors";
import { type GptqOptions, groupWidth } from "../../core/gptq/options";
import { limits } from "../../core/limits";
import { shareOf } from "../calibrated/blockMethod";
import { layerValues } from "../calibrated/layerValues";
import type { JobRun } from "../jobRun";
import { noFile } from "../model/forwardPass";
import type { CollectedLayer } from "./collectLayer";

/**
 * What AWQ makes of a layer: values that take the place of the weights, the factors of the columns taken back out.
 *
 * @throws UsageError `bad-gptq-option` for groups that it cannot quantize, `too-large`
 */
export async function awqValues(run: JobRun, layer: CollectedLayer, options: GptqOptions): Promise<SharedArrayBuffer> {
  const { linear, weights, scaling } = layer;
  const { outputs: rows, inputs: columns } = linear;
  const grid = awqOptions(options, columns);
  if (!grid) {
    throw new UsageError("bad-gptq-option", `AWQ cannot quantize rows of ${columns} in groups of ${options.groupSize}`, {
      expected: "a multiple of 4 that divides the rows",
      found: String(options.groupSize),
    });
  }
  const together = scaling.group.reduce((sum, { byteLength }) => sum + byteLength / 4, 0);
  if (awqBytes(Math.max(rows, together / columns), columns) + 8 * rows * columns > limits.kernelBytes) {
    throw new UsageError("too-large", `${linear.tensor} is too large for AWQ's search`, { tensor: linear.tensor });
  }
  const search = { kind: "awqScales", options: grid, weights: scaling.group, inputs: scaling.inputs, columns } as const;
  const scales = scaling.group.length > 0 ? await run.task(search, noFile) : new Float32Array(0);
  const { parts } = await run.task(
    {
      kind: "awqLayer",
      options: grid,
      isClipped: scaling.isClipped,
      weights: scaled(weights, scales),
      inputs: scaling.inputs,
      columns,
      scales,
      share: shareOf(linear),
    },
    noFile,
  );
  const shared = layerValues({ rows, columns, parts }, { kind: "awq", options: grid, groupSize: options.groupSize, isClipped: true });
  const values = new Float32Array(shared);
  if (scales.length > 0) for (let i = 0; i < values.length; i++) values[i] = values[i]! / scales[i % columns]!;
  return shared;
}

/** The same options as AWQ has them; undefined where it cannot quantize rows of so many columns so. */
export function awqOptions(options: Pick<GptqOptions, "bits" | "groupSize" | "symmetric">, columns: number): AwqOptions | undefined {
  const width = groupWidth(options, columns);
  if (width % 4 !== 0 || columns % width !== 0) return undefined;
  return { bits: options.bits, groupSize: width, symmetric: options.symmetric && "span" };
}

/** A copy whose columns are multiplied. */
function scaled(weights: SharedArrayBuffer, scales: Float32Array): SharedArrayBuffer {
  if (scales.length === 0) return weights;
  const result = new SharedArrayBuffer(weights.byteLength);
  const [from, to] = [new Float32Array(weights), new Float32Array(result)];
  for (let i = 0; i < to.length; i++) to[i] = from[i]! * scales[i % scales.length]!;
  return result;
}
