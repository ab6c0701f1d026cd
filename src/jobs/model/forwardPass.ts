import { type ModelDescription, tensorsOfLayer } from "../../core/model/modelDescription";
import { groupSequences, mostTokens } from "../../core/model/sequences";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { MemoryRef } from "../../core/fileRef";
import type { JobRun } from "../jobRun";
import { type SharedWeights, squareSums, type StreamPart } from "../tasks/blockTask";
import { ModelWeights, type TypesInMemory } from "./modelWeights";

/** Tokens that a thread works on at a time, at least: reading the weights is then nothing beside multiplying with them. */
const fewestTokens = 256;

/** For tasks that read no file. */
export const noFile: MemoryRef = { kind: "memory", name: "", bytes: new SharedArrayBuffer(0) };

/**
 * Some sequences on their way through a model, layer by layer: the stream of all of them and the weights of one layer are in memory.
 * Sequences are shared out among the threads; what comes of them does not depend on how.
 */
export class ForwardPass {
  readonly parts: readonly StreamPart[];
  readonly weights: ModelWeights;
  /** Of all sequences. */
  readonly tokens: number;
  private readonly stream: SharedArrayBuffer;

  /** @param types what tensors are quantized to in memory */
  constructor(
    private readonly run: JobRun,
    readonly checkpoint: Checkpoint,
    readonly description: ModelDescription,
    private readonly sequences: readonly Int32Array[],
    threads: number,
    types?: TypesInMemory,
  ) {
    const { hidden } = description;
    const lengths = sequences.map((ids) => ids.length);
    this.tokens = lengths.reduce((sum, length) => sum + length, 0);
    this.weights = new ModelWeights(checkpoint, types);
    const stream = new SharedArrayBuffer(4 * this.tokens * hidden);
    this.stream = stream;
    this.parts = shareOut(lengths, threads).map((group) => ({ stream, hidden, ...group }));
  }

  /** Sequences. */
  get samples(): number {
    return this.sequences.length;
  }

  /** The inputs of the first layer. @returns root of the mean square of the stream */
  async embed(): Promise<number> {
    const { tensor, scale } = this.description.embedding;
    const { slice, file } = this.weights.plan(tensor);
    const as = await this.weights.quantizedAs(this.run, tensor);
    const { stream, run } = this;
    const ids = Int32Array.from(this.sequences.flatMap((sequence) => [...sequence]));
    const { hidden: columns } = this.description;
    await Promise.all(
      this.parts.map((part) => {
        const own = ids.slice(part.start, part.start + tokensOf(part));
        return run.task({ kind: "embed", slice, columns, scale, ids: own, stream, start: part.start, ...(as ? { as } : {}) }, file);
      }),
    );
    return this.rms(this.parts.flatMap((part) => squareSums(part)));
  }

  /** Float32 values of all tensors of a layer. */
  loadLayer(layer: number): Promise<SharedWeights> {
    return this.weights.load(this.run, tensorsOfLayer(this.description.layers[layer]!));
  }

  /**
   * Runs one layer.
   *
   * @param weights those of the layer, or others in their place
   * @returns root of the mean square of the stream
   */
  async runLayer(layer: number, weights: SharedWeights): Promise<number> {
    const bytes = this.weights.layerBytes(this.description, layer);
    const squares = await Promise.all(
      this.parts.map((part) => {
        const share = Math.floor((bytes * tokensOf(part)) / this.tokens);
        return this.run.task({ kind: "block", layer: this.description.layers[layer]!, part, weights, share }, noFile);
      }),
    );
    return this.rms(squares.flat());
  }

  /** Sums of squares come sequence by sequence, so that they are added in the same order whatever the threads did. */
  private rms(squares: readonly number[]): number {
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (this.tokens * this.description.hidden));
  }
}

/** Sequences that a thread takes at a time: their lengths, and the first of their tokens among those of all. */
export type SequenceGroup = Pick<StreamPart, "start" | "lengths">;

/** Shares sequences out among threads. */
export function shareOut(lengths: readonly number[], threads: number): SequenceGroup[] {
  const tokens = tokensOf({ lengths });
  const each = Math.min(mostTokens, Math.max(fewestTokens, Math.ceil(tokens / (2 * threads))));
  let start = 0;
  return groupSequences(lengths, each).map((group) => {
    const part = { start, lengths: group };
    start += tokensOf(part);
    return part;
  });
}

/** Tokens of a part. */
export const tokensOf = ({ lengths }: { readonly lengths: readonly number[] }): number => lengths.reduce((sum, length) => sum + length, 0);
