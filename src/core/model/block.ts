import type { Arithmetic } from "./arithmetic";
import { attend } from "./attention";
import { type BlockOptions, type BlockRun, queriesAtOnce, rowsAtOnce, stageOf } from "./blockRun";
import { feedForward } from "./feedForward";
import type { WeightLookup } from "./linearInputs";
import { attentionWidth, type DecoderLayer } from "./modelDescription";

const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);

/** Values of memory that {@link runBlock} takes of the arithmetic for sequences of these lengths. */
export function blockValues({ attention, feedForward: { output } }: DecoderLayer, lengths: readonly number[], hidden: number): number {
  const tokens = sum(lengths);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const rows = Math.min(tokens, rowsAtOnce);
  const chunk = rows * (2 * hidden + attention.heads * attention.headDim + 2 * output.inputs);
  const rounding = 4 * 16;
  return tokens * (hidden + attentionWidth(attention)) + chunk + queriesAtOnce * (longest + 8) + rounding;
}

/**
 * Runs one block of a decoder on some sequences.
 *
 * @param stream a row for each token, the sequences one after the other: taken, and replaced by the block's output
 * @param lengths tokens of each sequence, each from position 0 on
 * @param weight float32 values of the block's tensors
 * @throws RangeError when `until` names no linear layer of the block; what `check` throws
 */
export function runBlock(
  layer: DecoderLayer,
  stream: Float32Array,
  lengths: readonly number[],
  weight: WeightLookup,
  arithmetic: Arithmetic,
  options: BlockOptions = {},
): void {
  const tokens = sum(lengths);
  const hidden = stream.length / tokens;
  const last = stageOf(layer, options.until);
  arithmetic.begin(blockValues(layer, lengths, hidden));
  const rows = Math.min(tokens, rowsAtOnce);
  const own = arithmetic.floats(stream.length);
  own.set(stream);
  const normed = arithmetic.floats(rows * hidden);
  const added = arithmetic.floats(rows * hidden);
  const run: BlockRun = { ...options, arithmetic, weight, last, hidden, lengths, tokens, stream: own, normed, added };
  attend(run, layer);
  if (last === "attentionInputs" || last === "attentionOutput") return;
  feedForward(run, layer);
  if (last === "end") stream.set(own);
}
