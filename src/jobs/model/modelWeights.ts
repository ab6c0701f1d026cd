import { type ModelDescription, tensorsOfLayer } from "../../core/model/modelDescription";
import { UsageError } from "../../core/errors";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { findScheme } from "../../core/quant/registry";
import { findDType } from "../../core/tensor/dtype";
import type { JobRun } from "../jobRun";
import type { SharedWeights } from "../tasks/blockTask";
import { rowsTooLong } from "../quantizePieces";
import { type QuantizedAs, quantizedUnit } from "../tasks/quantizedValues";
import { sliceFrom } from "../tasks/slice";
import { mostChunkValues } from "../tasks/workspace";
import { cutSlice, type PlannedTensor, planTensor, readBytes } from "../tensorPlan";
import { tensorFacts } from "../tensorFacts";

/** Values that one task decodes. */
const valuesAtOnce = 2 ** 21;

/** What a tensor is quantized to in memory. */
export interface TypeInMemory extends Pick<QuantizedAs, "importance"> {
  /** Identifier of a scheme that is applicable to the tensor's shape. Its blocks lie in rows where rows are read one by one. */
  readonly scheme: string;
}

/** The tensors that are quantized and dequantized as they are read, by their names in the checkpoint. */
export type TypesInMemory = ReadonlyMap<string, TypeInMemory>;

/** The tensors of a model's checkpoint, decoded on demand into memory that all threads share. */
export class ModelWeights {
  private readonly byName: ReadonlyMap<string, number>;
  private readonly quantized = new Map<string, Promise<QuantizedAs>>();

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly types: TypesInMemory = new Map(),
  ) {
    this.byName = new Map(checkpoint.tensors.map(({ name }, index) => [name, index]));
  }

  /** @throws UsageError `unknown-tensor`, `unreadable-tensor` */
  plan(tensor: string): PlannedTensor {
    const index = this.byName.get(tensor);
    if (index === undefined) throw new UsageError("unknown-tensor", `There is no tensor ${tensor} in ${this.checkpoint.name}`);
    return planTensor(this.checkpoint, index);
  }

  /** Float32 values of whole tensors, by all threads. @throws UsageError; what reading throws */
  async load(run: JobRun, tensors: readonly string[]): Promise<SharedWeights> {
    const loaded = await Promise.all(tensors.map(async (name) => [name, await this.loadRows(run, name)] as const));
    return Object.fromEntries(loaded);
  }

  /** Values of some rows of a matrix; all where none are named. */
  async loadRows(run: JobRun, tensor: string, first = 0, count?: number): Promise<SharedArrayBuffer> {
    const { slice, file, info } = this.plan(tensor);
    const as = await this.quantizedAs(run, tensor);
    const columns = info.shape[info.shape.length - 1] ?? 1;
    const part = count === undefined ? slice : sliceFrom(slice, first * columns, count * columns);
    const target = new SharedArrayBuffer(4 * part.values);
    let at = 0;
    const unit = as ? quantizedUnit(part.dtype, as) : findDType(part.dtype)!.blockSize;
    if (unit > mostChunkValues) throw rowsTooLong(info, unit);
    const pieces = cutSlice(part, unit, valuesAtOnce).map((piece) => {
      const start = at;
      at += piece.values;
      return run.task({ kind: "weights", slice: piece, target, at: start, ...(as ? { as } : {}) }, file);
    });
    await Promise.all(pieces);
    return target;
  }

  /** What the values of a tensor go through, with what has to be known of the whole tensor; undefined where they stay as they are. */
  quantizedAs(run: JobRun, tensor: string): Promise<QuantizedAs> | undefined {
    const type = this.types.get(tensor);
    if (!type) return undefined;
    const known = this.quantized.get(tensor);
    if (known) return known;
    const planned = this.plan(tensor);
    const found = tensorFacts(run, planned, [findScheme(type.scheme)]).then((facts) => ({ ...type, shape: planned.info.shape, ...facts }));
    this.quantized.set(tensor, found);
    return found;
  }

  /** Stored bytes of a layer's tensors. */
  layerBytes({ layers }: ModelDescription, layer: number): number {
    return tensorsOfLayer(layers[layer]!).reduce((sum, name) => sum + readBytes(this.plan(name)), 0);
  }
}
