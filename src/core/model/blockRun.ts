import type { Arithmetic } from "./arithmetic";
import type { LinearInputListener, WeightLookup } from "./linearInputs";
import type { DecoderLayer, NormLayer } from "./modelDescription";
import { rmsNorm } from "./norm";

/** Tokens that go through a linear layer at a time: enough that reading its weights is nothing beside multiplying with them. */
export const rowsAtOnce = 512;
/** Queries whose scores are held at a time. */
export const queriesAtOnce = 128;

/** How a block runs. */
export interface BlockOptions {
  /** Hears the inputs of its linear layers. */
  readonly listener?: LinearInputListener;
  /**
   * Name of the weight of a linear layer: the block runs only so far that the listener has heard that layer's inputs, and leaves the
   * stream as it was.
   */
  readonly until?: string;
  /** Called often; what it throws ends the run. */
  readonly check?: () => void;
}

/** The inputs with which a run ends; `end` for a whole one. */
export type Stage = "attentionInputs" | "attentionOutput" | "feedForwardInputs" | "feedForwardOutput" | "end";

/** A block on its way through some sequences. */
export interface BlockRun extends BlockOptions {
  readonly arithmetic: Arithmetic;
  readonly weight: WeightLookup;
  readonly last: Stage;
  readonly hidden: number;
  /** Positions of each sequence, one after the other in the stream. */
  readonly lengths: readonly number[];
  /** Tokens of all of them. */
  readonly tokens: number;
  /** A row of `hidden` values for each token. */
  readonly stream: Float32Array;
  /** Room for {@link rowsAtOnce} normalized rows of the stream. */
  readonly normed: Float32Array;
  /** Room for as many rows to be added to it. */
  readonly added: Float32Array;
}

/** Where a run ends that is to go as far as the inputs of one linear layer. */
export function stageOf({ attention, feedForward }: DecoderLayer, until: string | undefined): Stage {
  const has = (layers: readonly { tensor: string }[]): boolean => layers.some(({ tensor }) => tensor === until);
  if (until === undefined) return "end";
  if (has(attention.inputs)) return "attentionInputs";
  if (has([attention.output])) return "attentionOutput";
  if (has(feedForward.inputs)) return "feedForwardInputs";
  if (has([feedForward.output])) return "feedForwardOutput";
  throw new RangeError(`${until} is no linear layer of this block`);
}

/** Rows `[start, end)` of the stream as a linear layer gets them. */
export function normalized(run: BlockRun, norm: NormLayer | undefined, start: number, end: number): Float32Array {
  const source = run.stream.subarray(start * run.hidden, end * run.hidden);
  const target = run.normed.subarray(0, source.length);
  if (norm) rmsNorm(source, run.weight(norm.tensor), norm.epsilon, norm.shift, target);
  else target.set(source);
  return target;
}

/** Adds what a layer gives to the rows of the stream from `start` on. */
export function addToStream(run: BlockRun, rows: Float32Array, norm: NormLayer | undefined, scale: number, start: number): void {
  if (norm) rmsNorm(rows, run.weight(norm.tensor), norm.epsilon, norm.shift, rows);
  const { stream } = run;
  const first = start * run.hidden;
  for (let i = 0; i < rows.length; i++) stream[first + i] = stream[first + i]! + scale * rows[i]!;
}
