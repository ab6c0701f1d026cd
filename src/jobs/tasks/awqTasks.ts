import type { AwqOptions } from "../../core/awq/awqGrid";
import { quantizeAwqLayer } from "../../core/awq/quantizeLayer";
import { searchScales } from "../../core/awq/scaleSearch";
import { smoothingFactors } from "../../core/awq/smoothQuant";
import type { LayerRows } from "./layerRowsTask";
import type { TaskEnvironment } from "./slice";

/** Searches the factors of the columns of linear layers with the same inputs. */
export interface AwqScalesTask {
  kind: "awqScales";
  options: AwqOptions;
  /** Float32 weights of each layer. */
  weights: readonly SharedArrayBuffer[];
  /** Float32 inputs. */
  inputs: SharedArrayBuffer;
  columns: number;
  /** For SmoothQuant's factors instead: its α, and the largest magnitude of each input column. */
  smoothing?: { alpha: number; maxima: Float32Array };
}

/** Factors by column. @throws CancelledError */
export function runAwqScales(task: AwqScalesTask, { workspace, control }: TaskEnvironment): Float32Array {
  const { options, weights, inputs, columns, smoothing } = task;
  if (smoothing) {
    const matrices = weights.map((buffer) => new Float32Array(buffer));
    return smoothingFactors(smoothing.maxima, matrices, smoothing.alpha);
  }
  const { kernels, arena } = workspace.matrices();
  const all = new Float32Array(weights.reduce((sum, { byteLength }) => sum + byteLength / 4, 0));
  let at = 0;
  for (const buffer of weights) {
    all.set(new Float32Array(buffer), at);
    at += buffer.byteLength / 4;
  }
  const check = (): void => control.check();
  return searchScales(kernels, arena, { weights: all, inputs: new Float32Array(inputs), columns }, options, { check }).scales;
}

/** Clips, if that is wanted, and quantizes a layer whose columns are scaled. */
export interface AwqLayerTask {
  kind: "awqLayer";
  options: AwqOptions;
  isClipped: boolean;
  weights: SharedArrayBuffer;
  inputs: SharedArrayBuffer;
  columns: number;
  /** By which columns were multiplied; empty where they were not. */
  scales: Float32Array;
  /** What the task adds to the job's progress, in bytes. */
  share: number;
}

/** @throws CancelledError */
export function runAwqLayer(task: AwqLayerTask, { workspace, control }: TaskEnvironment): LayerRows {
  const { options, isClipped, columns, scales, share } = task;
  const { kernels, arena } = workspace.matrices();
  const inputs = new Float32Array(task.inputs).slice();
  if (scales.length > 0) for (let i = 0; i < inputs.length; i++) inputs[i] = inputs[i]! / scales[i % columns]!;
  const layer = { weights: new Float32Array(task.weights).slice(), inputs, columns };
  const found = quantizeAwqLayer(kernels, arena, layer, options, isClipped, () => control.check());
  const groups = Int32Array.from({ length: columns }, (_, column) => Math.floor(column / options.groupSize));
  control.advance(share, 1);
  const bytesOf = ({ buffer }: Float32Array | Int32Array): Uint8Array => new Uint8Array(buffer);
  const parts = { codes: found.codes, scales: bytesOf(found.scales), zeros: found.zeros, groups: bytesOf(groups) };
  return { parts, loss: found.loss };
}
