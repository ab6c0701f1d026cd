import { type ModelDescription, tensorsOfLayer } from "../../core/model/modelDescription";
import { UsageError } from "../../core/errors";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { findDType } from "../../core/tensor/dtype";
import type { JobRun } from "../jobRun";
import type { SharedWeights } from "../tasks/blockTask";
import { sliceFrom } from "../tasks/slice";
import { cutSlice, type PlannedTensor, planTensor, readBytes } from "../tensorPlan";

/** Values that one task decodes. */
const valuesAtOnce = 2 ** 21;

/** The tensors of a model's checkpoint, decoded on demand into memory that all threads share. */
export class ModelWeights {
  private readonly byName: ReadonlyMap<string, number>;

  constructor(private readonly checkpoint: Checkpoint) {
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
    const columns = info.shape[info.shape.length - 1] ?? 1;
    const part = count === undefined ? slice : sliceFrom(slice, first * columns, count * columns);
    const target = new SharedArrayBuffer(4 * part.values);
    let at = 0;
    const pieces = cutSlice(part, findDType(part.dtype)!.blockSize, valuesAtOnce).map((piece) => {
      const start = at;
      at += piece.values;
      return run.task({ kind: "weights", slice: piece, target, at: start }, file);
    });
    await Promise.all(pieces);
    return target;
  }

  /** Stored bytes of a layer's tensors. */
  layerBytes({ layers }: ModelDescription, layer: number): number {
    return tensorsOfLayer(layers[layer]!).reduce((sum, name) => sum + readBytes(this.plan(name)), 0);
  }
}
