import { countValues, type TensorInfo } from "../tensor/tensorInfo";
import { blockValues } from "./block";
import { headValues, headValuesAtOnce } from "./head";
import { likelihoodBytes } from "./likelihood";
import { type ModelDescription, tensorsOfLayer } from "./modelDescription";
import { groupSequences, mostTokens } from "./sequences";

/** Bytes that a forward pass takes at its height. */
export interface ForwardMemory {
  /** The stream of all sequences, and what is summed for each token. */
  readonly stream: number;
  /** Float32 values of the largest layer, or of as much of the output matrix as is there at a time. */
  readonly weights: number;
  /** What one thread works in. */
  readonly thread: number;
  readonly total: number;
}

/** What a thread takes besides: a tile of a weight, packed blocks, what it decodes with. */
const threadBytes = 32 * 2 ** 20;

/** @param lengths tokens of each sequence */
export function forwardMemory(
  { layers, hidden, vocabulary }: ModelDescription,
  tensors: readonly TensorInfo[],
  lengths: readonly number[],
  threads: number,
): ForwardMemory {
  const values = new Map(tensors.map(({ name, shape }) => [name, countValues(shape)]));
  const layerValues = layers.map((layer) => tensorsOfLayer(layer).reduce((sum, name) => sum + (values.get(name) ?? 0), 0));
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const groups = distinct(groupSequences(lengths, mostTokens));
  const work = groups.flatMap((group) => layers.map((layer) => blockValues(layer, group, hidden)));
  const stream = tokens * (4 * hidden + likelihoodBytes) + 4 * vocabulary;
  const weights = 4 * largest([...layerValues, Math.min(vocabulary * hidden, headValuesAtOnce)]);
  const thread = threadBytes + 4 * Math.max(largest(work), headValues(tokens, [hidden]));
  return { stream, weights, thread, total: stream + weights + threads * thread };
}

const largest = (numbers: readonly number[]): number => numbers.reduce((most, number) => Math.max(most, number), 0);

/** Most groups are alike. */
function distinct(groups: readonly number[][]): number[][] {
  return [...new Map(groups.map((group) => [group.join(), group])).values()];
}
