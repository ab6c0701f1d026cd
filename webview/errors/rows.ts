import { filterNames } from "../editor/tensors/filter";
import type { ErrorTensor, TypeErrors } from "../../src/protocol/errors";
import { figureOf, type Measure } from "./measures";

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
    const value = figureOf(type.tensors[place], measure);
    return value === null ? Infinity : sign * value;
  };
  return places.sort((a, b) => damage(a) - damage(b) || a - b);
}

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

/** Short name of a tensor: `layers.2.` and the part that tells it from others. */
export function shortName({ layer, kind }: ErrorTensor): { head: string; tail: string } {
  return layer === undefined ? { head: "", tail: kind } : { head: `${layer}.`, tail: kind };
}
