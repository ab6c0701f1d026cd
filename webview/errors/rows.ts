import { filterNames } from "../editor/tensors/filter";
import type { ErrorTensor, TypeErrors } from "../../src/protocol/errors";
import { typeLabel } from "../charts/typeLabel";
import { figureOf, isUnbounded, type Measure } from "./measures";

/** Places of the tensors that the table lists: those that fit the filter, the most damaged by the type first. */
export function sortedRows(tensors: readonly ErrorTensor[], filter: string, type: TypeErrors | undefined, measure: Measure): number[] {
  const fits = filterNames(
    tensors.map(({ name }) => name),
    filter,
  );
  const places = tensors.flatMap((_, place) => (fits?.[place] === false ? [] : [place]));
  if (!type) return places;
  const sign = measure.growsWithDamage ? -1 : 1;
  const damage = (place: number): number => {
    const figures = type.tensors[place];
    const value = figureOf(figures, measure);
    if (value !== null) return sign * value;
    return isUnbounded(figures) ? -Infinity : Infinity;
  };
  return places.sort((a, b) => compare(damage(a), damage(b)) || a - b);
}

/** Of infinities there is no difference. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);

/** Least and greatest figure of the whole table: one scale for all its tints. */
export function tableRange(types: readonly TypeErrors[], measure: Measure): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const { tensors } of types) {
    for (const figures of tensors) {
      const value = figureOf(figures, measure);
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
}

/** A number among the names of modules: of a layer, or of an expert. */
const numbered = /[^.]+\.\d+\./g;

/** Short name of a tensor: `layers.2.` and the part that tells it from others; modules without a number are left out. */
export function shortName({ name, kind }: ErrorTensor): { head: string; tail: string } {
  return { head: (name.match(numbered) ?? []).join(""), tail: kind };
}

/** Widths of the columns of types, in pixels: as wide as their headings need, and all of them at least as wide as figures. */
export function columnWidths(types: readonly TypeErrors[]): number[] {
  return types.map(({ type, label }) => Math.max(62, Math.ceil(6.3 * typeLabel(type, label).length) + 28));
}
