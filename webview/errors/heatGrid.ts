import type { ErrorTensor, TypeErrors } from "../../src/protocol/errors";
import { figureOf, type Measure } from "./measures";

/** A cell of layers × kinds: a tensor, or several of the same kind (experts), of which the worst is shown. */
export interface HeatCell {
  tensor: number;
  value: number;
  /** Tensors it stands for. */
  count: number;
}

export interface HeatGrid {
  kinds: string[];
  layers: { layer: number; cells: (HeatCell | undefined)[] }[];
  /** Tensors outside of layers. */
  ends: HeatCell[];
  worst: HeatCell | undefined;
  low: number;
  high: number;
}

/** Arranges what one type does to the tensors by layer and kind. */
export function heatGrid(tensors: readonly ErrorTensor[], type: TypeErrors, measure: Measure): HeatGrid {
  const kinds = [...new Set(tensors.flatMap(({ layer, kind }) => (layer === undefined ? [] : kind)))];
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
    const column = kinds.indexOf(kind);
    const before = row[column];
    row[column] =
      before && !isWorse(value, before.value) ? { ...before, count: before.count + 1 } : { ...cell, count: (before?.count ?? 0) + 1 };
  });
  const rows = [...layers].sort(([a], [b]) => a - b).map(([layer, cells]) => ({ layer, cells }));
  return { kinds, layers: rows, ends, worst, low, high };
}
