import { addToStream, type BlockRun, normalized, queriesAtOnce, rowsAtOnce } from "./blockRun";
import { tell, throughLinear } from "./linear";
import { type AttentionLayer, attentionWidth, type DecoderLayer, type NormLayer } from "./modelDescription";
import { rmsNorm } from "./norm";
import { rotate, type RotaryTable, rotaryTable } from "./rotary";

/** Queries, keys and values of all tokens: a row for each. */
interface Projections {
  readonly rows: Float32Array;
  readonly width: number;
  /** Where keys and values begin in a row. */
  readonly keys: number;
  readonly values: number;
}

/** The attention half of a block (Vaswani et al. 2017; grouped queries: Ainslie et al. 2023), added to the stream. */
export function attend(run: BlockRun, { attention: layer, residualScale }: DecoderLayer): void {
  const { arithmetic, tokens } = run;
  const width = attentionWidth(layer);
  const rows = arithmetic.floats(tokens * width);
  const keys = layer.heads * layer.headDim;
  const projections: Projections = { rows, width, keys, values: keys + layer.keyValueHeads * layer.headDim };
  for (let start = 0; start < tokens; start += rowsAtOnce) {
    run.check?.();
    const count = Math.min(rowsAtOnce, tokens - start);
    const normed = normalized(run, layer.norm, start, start + count);
    tell(run, layer.inputs, normed, count);
    if (run.last !== "attentionInputs") throughLinear(run, layer.inputs, normed, count, rows.subarray(start * width));
  }
  if (run.last === "attentionInputs") return;
  turn(run, layer, projections);
  const scores = arithmetic.floats(queriesAtOnce * roundedUp(Math.max(...run.lengths)));
  const mixed = arithmetic.floats(Math.min(tokens, rowsAtOnce) * keys);
  for (let start = 0; start < tokens; start += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, tokens - start);
    mix(run, layer, projections, scores, start, start + count, mixed);
    tell(run, [layer.output], mixed, count);
    if (run.last === "attentionOutput") continue;
    const added = run.added.subarray(0, count * run.hidden);
    throughLinear(run, [layer.output], mixed, count, added);
    addToStream(run, added, layer.postNorm, residualScale, start);
  }
}

/** A stride of scores that the kernels can work with. */
const roundedUp = (keys: number): number => Math.ceil(keys / 8) * 8;

/** Normalizes queries and keys, and turns them by their positions. */
function turn(run: BlockRun, layer: AttentionLayer, { rows, width, keys }: Projections): void {
  const { heads, keyValueHeads, headDim, rotary, queryNorm, keyNorm } = layer;
  const tables = new Map<number, RotaryTable>();
  let token = 0;
  for (const length of run.lengths) {
    run.check?.();
    // Sequences of one length share a table.
    if (rotary && !tables.has(length)) tables.set(length, rotaryTable(rotary, length));
    const table = tables.get(length);
    for (let position = 0; position < length; position++, token++) {
      const start = token * width;
      normalizeHeads(run, queryNorm, rows.subarray(start, start + keys));
      normalizeHeads(run, keyNorm, rows.subarray(start + keys, start + keys + keyValueHeads * headDim));
      // Keys follow the queries.
      if (table) for (let h = 0; h < heads + keyValueHeads; h++) rotate(table, position, rows, start + h * headDim);
    }
  }
}

function normalizeHeads(run: BlockRun, norm: NormLayer | undefined, heads: Float32Array): void {
  if (norm) rmsNorm(heads, run.weight(norm.tensor), norm.epsilon, norm.shift, heads);
}

/** The values that tokens `[start, end)` see, weighed: a row of all heads for each, to `mixed`. */
function mix(
  run: BlockRun,
  layer: AttentionLayer,
  projections: Projections,
  scores: Float32Array,
  start: number,
  end: number,
  mixed: Float32Array,
): void {
  let first = 0;
  for (const length of run.lengths) {
    const from = Math.max(start, first);
    const to = Math.min(end, first + length);
    for (let query = from; query < to; query += queriesAtOnce) {
      run.check?.();
      const queries = { sequence: first, start: query, end: Math.min(to, query + queriesAtOnce) };
      mixQueries(run, layer, projections, scores, queries, mixed.subarray((query - start) * projections.keys));
    }
    first += length;
  }
}

/** Tokens of one sequence, which begins at token `sequence`. */
interface Queries {
  readonly sequence: number;
  readonly start: number;
  readonly end: number;
}

function mixQueries(
  { arithmetic }: BlockRun,
  { heads, keyValueHeads, headDim, scale, cap = 0, window = 0 }: AttentionLayer,
  { rows, width, keys, values }: Projections,
  scores: Float32Array,
  { sequence, start, end }: Queries,
  mixed: Float32Array,
): void {
  const count = end - start;
  const firstKey = window > 0 ? Math.max(sequence, start + 1 - window) : sequence;
  const seen = end - firstKey;
  const stride = roundedUp(seen);
  const shared = heads / keyValueHeads;
  for (let h = 0; h < heads; h++) {
    const keyValue = firstKey * width + Math.floor(h / shared) * headDim;
    arithmetic.multiply({
      rows: count,
      columns: seen,
      depth: headDim,
      left: rows.subarray(start * width + h * headDim),
      leftStride: width,
      right: rows.subarray(keyValue + keys),
      rightStride: width,
      transposed: true,
      result: scores,
      resultStride: stride,
    });
    arithmetic.attentionWeights({ scores, rows: count, columns: seen, stride, first: start - firstKey, window, scale, cap });
    arithmetic.multiply({
      rows: count,
      columns: headDim,
      depth: seen,
      left: scores,
      leftStride: stride,
      right: rows.subarray(keyValue + values),
      rightStride: width,
      transposed: false,
      result: mixed.subarray(h * headDim),
      resultStride: keys,
    });
  }
}
