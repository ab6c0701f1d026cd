import type { StridedRef } from "../fileRef";

/** One dimension of a box of elements. */
export interface Dimension {
  readonly count: number;
  /** Elements of the source from one index to the next. */
  readonly from: number;
  /** Elements of the result from one index to the next. */
  readonly to: number;
}

/** Elements that are evenly spaced both where they come from and where they go to. */
export interface Box {
  /** The first one's place in the source, in elements. */
  readonly from: number;
  /** The first one's place in the result, in elements. */
  readonly to: number;
  /** The one with the largest step in the source first, so that the source is read in its own order. */
  readonly dimensions: readonly Dimension[];
}

/** A strided view in as few dimensions as describe it, in the row-major order of the result. */
export interface Layout {
  /** 1, 2, 4 or 8: larger elements have a dimension of their own for their parts. */
  readonly itemBytes: number;
  readonly dimensions: readonly Omit<Dimension, "to">[];
}

/** Leaves out dimensions of 1 and joins those that follow each other without a gap. */
export function normalize({ shape, strides, itemBytes }: StridedRef): Layout {
  const unit = [8, 4, 2].find((bytes) => itemBytes % bytes === 0) ?? 1;
  const parts = itemBytes / unit;
  const dimensions: { count: number; from: number }[] = [];
  const add = (count: number, from: number): void => {
    const outer = dimensions[dimensions.length - 1];
    if (count === 1) return;
    if (outer && outer.from === from * count) {
      outer.count *= count;
      outer.from = from;
    } else dimensions.push({ count, from });
  };
  shape.forEach((count, index) => add(count, strides[index]! * parts));
  add(parts, 1);
  return { itemBytes: unit, dimensions };
}

/** The elements `[first, end)` of the result as boxes; their places in the result count from `first`. */
export function* boxesOf(layout: Layout, first: number, end: number): Generator<Box> {
  const inner: number[] = [];
  let values = 1;
  for (let index = layout.dimensions.length - 1; index >= 0; index--) {
    inner[index] = values;
    values *= layout.dimensions[index]!.count;
  }
  yield* cut(layout, inner, 0, 0, -first, first, end);
}

/**
 * The elements `[start, end)` of the part of the result below dimension `depth` that begins at `from` in the source and
 * at `to` in the result: a piece of the first index, whole ones, and a piece of the last.
 */
function* cut(
  layout: Layout,
  inner: readonly number[],
  depth: number,
  from: number,
  to: number,
  start: number,
  end: number,
): Generator<Box> {
  if (start >= end) return;
  const dimension = layout.dimensions[depth];
  if (!dimension) {
    yield { from, to: to + start, dimensions: [] };
    return;
  }
  const each = inner[depth]!;
  const below = function* (index: number, low: number, high: number): Generator<Box> {
    yield* cut(layout, inner, depth + 1, from + index * dimension.from, to + index * each, low, high);
  };
  const head = Math.floor(start / each);
  const tail = Math.floor(end / each);
  if (head === tail) {
    yield* below(head, start - head * each, end - head * each);
    return;
  }
  const whole = Math.ceil(start / each);
  if (whole > head) yield* below(head, start - head * each, each);
  if (tail > whole) {
    const dimensions = [{ count: tail - whole, from: dimension.from, to: each }];
    for (let index = depth + 1; index < layout.dimensions.length; index++) {
      dimensions.push({ ...layout.dimensions[index]!, to: inner[index]! });
    }
    dimensions.sort((a, b) => b.from - a.from || b.to - a.to);
    yield { from: from + whole * dimension.from, to: to + whole * each, dimensions };
  }
  yield* below(tail, 0, end - tail * each);
}
