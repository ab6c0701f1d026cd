import { channelBlocks, type ChannelMax, worstChannels } from "./outlierChannels";

/** What an importance matrix says of one weight of a model. */
export interface ImportanceFigures {
  /** Columns of the weight. */
  columns: number;
  /** Stacked matrices (experts), and how many of them the text ever reached. */
  matrices: number;
  matricesUsed: number;
  /** Share of the channels that were 0 at every token, of the matrices that were reached. */
  neverActive: number;
  /** Mean of the mean squares of all channels. */
  mean: number;
  /** The channels that matter most; of stacked matrices numbered one after the other. `max` is a mean square. */
  largest: ChannelMax[];
  /** Share of the sum of all mean squares that the largest hundredth of the channels has. */
  topShare: number;
  /** The greatest mean square of each of some runs of channels. */
  blocks: number[];
}

/** One entry: a weight of the model. */
export interface ImportanceRow extends ImportanceFigures {
  /** In GGUF spelling. */
  name: string;
  /** What the sums were divided by: tokens in GGUF files, chunks in older ones. Of stacked matrices the greatest. */
  uses: number;
}

export interface ImportanceReport {
  /** Pieces of text behind it, the tokens of each, and what the text was, when the file says so. */
  chunks?: number;
  dataset?: string;
  /** In the order of the file. */
  entries: ImportanceRow[];
}

/** How much is told of an entry. */
export interface ImportanceDetail {
  /** Of {@link ImportanceFigures.largest}. */
  largest: number;
  blocks: number;
}

/** @param weights mean squares, of stacked matrices one after the other @param matrices how many those are */
export function importanceFigures(weights: Float32Array, matrices: number, { largest, blocks }: ImportanceDetail): ImportanceFigures {
  const columns = weights.length / matrices;
  let [used, silent, sum] = [0, 0, 0];
  for (let matrix = 0; matrix < matrices; matrix++) {
    const own = weights.subarray(matrix * columns, (matrix + 1) * columns);
    const zeros = own.reduce((count, weight) => (weight === 0 ? count + 1 : count), 0);
    sum += own.reduce((all, weight) => all + weight, 0);
    if (zeros === columns) continue;
    used++;
    silent += zeros;
  }
  const sorted = weights.slice().sort().reverse();
  const top = sorted.subarray(0, Math.ceil(sorted.length / 100)).reduce((all, weight) => all + weight, 0);
  return {
    columns,
    matrices,
    matricesUsed: used,
    neverActive: used > 0 ? silent / (used * columns) : 1,
    mean: weights.length > 0 ? sum / weights.length : 0,
    largest: worstChannels(weights, largest),
    topShare: sum > 0 ? top / sum : 0,
    blocks: channelBlocks(weights, blocks),
  };
}
