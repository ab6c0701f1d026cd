import { paddedSize } from "../../core/gptq/hessian";
import type { FactorOptions, GptqTarget } from "../../core/gptq/layerTarget";
import type { LinearLayer } from "../../core/model/modelDescription";
import type { JobRun } from "../jobRun";
import { type ForwardPass, noFile } from "../model/forwardPass";
import type { SharedFactor } from "../tasks/factorTask";
import { type BlockWeights, shareOf } from "./blockMethod";
import { rowsOfTask } from "./calibratedMemory";

/** Sums of the inputs of a linear layer, in memory that all threads share: see `InputSums`. */
export interface SharedSums {
  /** float32, `stride` × `stride` */
  readonly sums: SharedArrayBuffer;
  readonly shape: { readonly stride: number; readonly columns: number; readonly tokens: number };
}

/** Runs a block as far as one of its linear layers and adds the inputs of that up, over all tokens of a pass. */
export async function sumInputs(
  run: JobRun,
  pass: ForwardPass,
  block: number,
  { tensor, inputs: columns }: LinearLayer,
  weights: Readonly<BlockWeights>,
): Promise<SharedSums> {
  const stride = paddedSize(columns);
  const total = new SharedArrayBuffer(4 * stride ** 2);
  const turn = new SharedArrayBuffer(4);
  const layer = pass.description.layers[block]!;
  await Promise.all(
    pass.parts.map((part, index) => run.task({ kind: "inputSums", layer, part, weights, tensor, columns, total, turn, index }, noFile)),
  );
  return { sums: total, shape: { stride, columns, tokens: pass.tokens } };
}

/** @throws FormatError `gptq.not-finite`, `gptq.not-positive-definite` */
export function factorSums(run: JobRun, { sums, shape }: SharedSums, options: FactorOptions): Promise<SharedFactor> {
  return run.task({ kind: "factor", sums, shape, options }, noFile);
}

/** Pieces of a layer's rows, one for each task. */
export function rowPieces(linear: LinearLayer, threads: number): { first: number; rows: number; share: number }[] {
  const { outputs } = linear;
  const step = rowsOfTask(linear, threads);
  return Array.from({ length: Math.ceil(outputs / step) }, (_, i) => {
    const rows = Math.min(step, outputs - i * step);
    return { first: i * step, rows, share: Math.floor((shareOf(linear) * rows) / outputs) };
  });
}

/** What GPTQ makes of a linear layer. */
interface GptqLayer {
  /** Float32, row by row: what the codes stand for. */
  values: SharedArrayBuffer;
  loss: number;
  parts: Record<string, Uint8Array>;
}

/** Quantizes a linear layer, its rows shared out among the threads. */
export async function quantizeLayer(
  run: JobRun,
  linear: LinearLayer,
  { target, factor, weights }: { target: GptqTarget; factor: SharedFactor; weights: SharedArrayBuffer },
  threads: number,
): Promise<GptqLayer> {
  const values = new SharedArrayBuffer(4 * linear.inputs * linear.outputs);
  const found = await Promise.all(
    rowPieces(linear, threads).map((piece) => run.task({ kind: "layerRows", target, factor, weights, values, ...piece }, noFile)),
  );
  const names = Object.keys(found[0]!.parts);
  const parts = names.map((name) => {
    const pieces = found.map((part) => part.parts[name]!);
    // The groups of columns are the same for all rows.
    return [name, name === "groups" ? pieces[0]! : joined(pieces)] as const;
  });
  return { values, loss: found.reduce((sum, part) => sum + part.loss, 0), parts: Object.fromEntries(parts) };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}
