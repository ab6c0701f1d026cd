import type { ErrorTensor, TypeErrors } from "../../src/protocol/errors";
import { modelRank } from "../editor/tensors/modelOrder";
import { figureOf, type Measure } from "./measures";

/** A cell of layers × kinds: a tensor, or several of the same kind (experts), of which the worst is shown. */
export interface HeatCell {
  tensor: number;
  value: number;
  /** Tensors it stands for. */
  count: number;
}

/** A cell's place in a row: how many columns it takes. */
export interface HeatSpan {
  cell: HeatCell | undefined;
  span: number;
}

export interface HeatGrid {
  /** Headings of the columns, in the order in which a model computes. */
  kinds: string[];
  /** A row a layer, then rows of the tensors outside of layers, which have no number. */
  rows: { layer: number | undefined; cells: HeatSpan[] }[];
  worst: HeatCell | undefined;
  low: number;
  high: number;
}

/** Columns of tensors outside of layers, where there are no layers. */
const endColumns = 6;

/** Arranges what one type does to the tensors by layer and kind. */
export function heatGrid(tensors: readonly ErrorTensor[], type: TypeErrors, measure: Measure): HeatGrid {
  const found = new Set(tensors.flatMap(({ layer, kind }) => (layer === undefined ? [] : kind)));
  const kinds = [...found].sort((a, b) => modelRank(a) - modelRank(b));
  const columns = new Map(kinds.map((kind, column) => [kind, column]));
  const layers = new Map<number, (HeatCell | undefined)[]>();
  const ends: HeatCell[] = [];
  const isWorse = (a: number, b: number): boolean => (measure.growsWithDamage ? a > b : a < b);
  let worst: HeatCell | undefined;
  let [low, high] = [Infinity, -Infinity];
  tensors.forEach(({ layer, kind }, tensor) => {
    const value = figureOf(type.tensors[tensor], measure);
    if (value === null) return;
    const cell = { tensor, value, count: 1 };
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (!worst || isWorse(value, worst.value)) worst = cell;
    if (layer === undefined) {
      ends.push(cell);
      return;
    }
    const row = layers.get(layer) ?? new Array<HeatCell | undefined>(kinds.length).fill(undefined);
    layers.set(layer, row);
    const column = columns.get(kind)!;
    const before = row[column];
    row[column] =
      before && !isWorse(value, before.value) ? { ...before, count: before.count + 1 } : { ...cell, count: (before?.count ?? 0) + 1 };
  });
  const rows = [...layers]
    .sort(([a], [b]) => a - b)
    .map(([layer, cells]): HeatGrid["rows"][number] => ({ layer, cells: cells.map((cell) => ({ cell, span: 1 })) }));
  return { kinds, rows: [...rows, ...endRows(ends, kinds.length || endColumns)], worst, low, high };
}

/** Tensors outside of layers, spread over the columns. */
function endRows(ends: readonly HeatCell[], columns: number): HeatGrid["rows"] {
  return Array.from({ length: Math.ceil(ends.length / columns) }, (_, row) => {
    const cells = ends.slice(row * columns, (row + 1) * columns);
    const [each, rest] = [Math.floor(columns / cells.length), columns % cells.length];
    return { layer: undefined, cells: cells.map((cell, place) => ({ cell, span: each + (place < rest ? 1 : 0) })) };
  });
}
