import type { BlockFormat } from "../../core/decode/ggml/blockFormat";
import { findBlockFormat } from "../../core/decode/ggml/formats";
import { compensateRows, type QuantizeBlocks } from "../../core/gptq/compensatedRows";
import type { InverseFactor } from "../../core/gptq/inverseFactor";
import type { GptqTarget } from "../../core/gptq/layerTarget";
import { quantizeRows } from "../../core/gptq/quantizeRows";
import type { Arena } from "../../core/linalg/arena";
import { findQuantizeKernel } from "../../kernels/blockKernels";
import type { Kernels } from "../../kernels/kernels";
import { scratchBytes } from "../../kernels/layout";
import { storingScheme } from "../storingScheme";
import type { SharedFactor } from "./factorTask";
import type { TaskEnvironment } from "./slice";

/** Quantizes some rows of a linear layer by GPTQ. */
export interface LayerRowsTask {
  kind: "layerRows";
  target: GptqTarget;
  factor: SharedFactor;
  /** Float32 weights of the whole layer. */
  weights: SharedArrayBuffer;
  first: number;
  rows: number;
  /** Gets the values that the codes stand for, in the place of the weights. */
  values: SharedArrayBuffer;
  /** What the task adds to the job's progress, in bytes. */
  share: number;
}

/** The parts of a layer that files have, by name: some of its rows. */
export interface LayerRows {
  parts: Readonly<Record<string, Uint8Array>>;
  /** Sum over the rows. */
  loss: number;
}

/** @throws CancelledError */
export function runLayerRows(task: LayerRowsTask, { workspace, control }: TaskEnvironment): LayerRows {
  const { target, factor: shared, rows, first, share } = task;
  const { columns } = shared;
  const { kernels, arena } = workspace.matrices();
  const factor = loadFactor(shared, arena);
  const weights = new Float32Array(task.weights, 4 * first * columns, rows * columns).slice();
  const check = (): void => control.check();
  const values = new Float32Array(task.values, 4 * first * columns, rows * columns);
  const sum = (losses: Float32Array): number => losses.reduce((total, loss) => total + loss, 0);
  let result: LayerRows;
  if (target.kind === "integers") {
    const found = quantizeRows(kernels, arena, weights, factor, target.options, check);
    values.set(found.values);
    const { codes, scales, zeros } = found;
    result = { parts: { codes, scales: bytesOf(scales), zeros, groups: bytesOf(found.groupOf) }, loss: sum(found.loss) };
  } else {
    const format = findBlockFormat(target.type)!;
    const how = { format, quantize: quantizerOf(format, rows, kernels, arena) };
    const found = compensateRows(kernels, arena, weights, factor, how, check);
    values.set(found.values);
    result = { parts: { blocks: found.blocks }, loss: sum(found.loss) };
  }
  control.advance(share, 1);
  return result;
}

function loadFactor({ upper, size, ...rest }: SharedFactor, arena: Arena): InverseFactor {
  const address = arena.room(size * size);
  arena.floats(address, size * size).set(new Float32Array(upper));
  return { ...rest, upper: { address, size } };
}

/** ggml's quantizer of a type, as a kernel where there is one. @param rows blocks at a time, at most */
function quantizerOf(format: BlockFormat, rows: number, kernels: Kernels, arena: Arena): QuantizeBlocks {
  const kernel = findQuantizeKernel(kernels, format.id);
  if (!kernel) {
    const scheme = storingScheme(format.id);
    return (source, columns, target, importance) => scheme.quantizeRows(source, columns, target, importance);
  }
  const [x, weights] = [arena.room(rows * format.size), arena.room(format.size)];
  const [blocks, scratch] = [arena.room(rows * format.bytes, 1), arena.room(scratchBytes.quantize, 1)];
  return (source, columns, target, importance) => {
    arena.floats(x, source.length).set(source);
    arena.floats(weights, columns).set(importance);
    kernel(x, source.length, blocks, scratch, weights, columns);
    target.set(arena.bytes(blocks, target.length));
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
