import { ratioSteps, type RatioSteps } from "../../core/awq/ratioSteps";
import { columnSteps, type ColumnSteps } from "../../core/gptq/columnSteps";
import { InputAccumulator } from "../../core/gptq/hessian";
import type { GptqBits } from "../../core/gptq/options";
import type { TaskEnvironment } from "./slice";

/** A linear layer with some of its inputs, float32. */
export interface HeardLayer {
  weights: SharedArrayBuffer;
  inputs: SharedArrayBuffer;
  columns: number;
}

/** Runs GPTQ on a corner of one layer and AWQ's search on another, and tells how they went. */
export interface LayerStepsTask {
  kind: "layerSteps";
  /** Of GPTQ's codes: it runs once for each. */
  bits: readonly GptqBits[];
  gptq: HeardLayer;
  /** The corner: the first so many rows and columns of the layer. */
  rows: number;
  columns: number;
  awq: HeardLayer;
  /** Columns that share a scale in AWQ; divides those of its layer. */
  groupSize: number;
  /** Channels that are told of. */
  channels: number;
}

export interface LayerSteps {
  /** In the order of the bits. */
  gptq: ColumnSteps[];
  /** At 4 bits. */
  awq: RatioSteps;
}

/** @throws CancelledError; FormatError for inputs without a Hessian that can be inverted */
export function runLayerSteps(task: LayerStepsTask, { workspace, control }: TaskEnvironment): LayerSteps {
  const { bits, rows, columns, groupSize, channels } = task;
  const { kernels, arena } = workspace.matrices();
  const check = (): void => control.check();
  const corner = (values: SharedArrayBuffer, width: number, count: number): Float32Array =>
    Float32Array.from({ length: count * columns }, (_, i) => matrixOf(values)[Math.floor(i / columns) * width + (i % columns)]!);
  const { weights, inputs, columns: width } = task.gptq;
  const sums = new InputAccumulator(kernels, arena, columns);
  sums.add(corner(inputs, width, matrixOf(inputs).length / width));
  const heard = sums.result();
  const copied = { ...heard, lower: heard.lower.slice() };
  const gptq = bits.map((each) => columnSteps(kernels, arena, corner(weights, width, rows), copied, each, check));
  const layer = { weights: matrixOf(task.awq.weights).slice(), inputs: matrixOf(task.awq.inputs).slice(), columns: task.awq.columns };
  const awq = ratioSteps(kernels, arena, layer, { bits: 4, groupSize, symmetric: false }, channels, check);
  return { gptq, awq };
}

const matrixOf = (values: SharedArrayBuffer): Float32Array => new Float32Array(values);
