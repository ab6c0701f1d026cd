import { streamField, streamSpan } from "./bitStream";
import { addToFields } from "./bitWriter";
import { awqField } from "./codes";
import type { CellLayout, ZeroLayout } from "./layout";
import type { Part, Rectangle } from "./part";

/** What the numbers of cells are read with: `groups` has the group of every column of the weight when they are not runs. */
export interface CellContext {
  readonly parts: readonly Part[];
  readonly width: number;
  readonly groups?: Int32Array;
}

/** Writes the scale or zero-point of every value of a rectangle of the weight, row-major. */
export function readCells(layout: ZeroLayout, context: CellContext, rectangle: Rectangle, into: Float32Array): void {
  switch (layout.form) {
    case "constant":
      into.fill(layout.value, 0, rectangle.rows * rectangle.columns);
      return;
    case "grid":
      return gridCells(layout, context, rectangle, into);
    case "cycle":
      return cycleCells(layout, context, rectangle, into);
    case "runs":
    case "nested":
      return runCells(layout, context, rectangle, into);
    default:
      return packedCells(layout, context, rectangle, into);
  }
}

/** First group and number of groups that the columns of a rectangle belong to. */
function groupSpan({ column, columns }: Rectangle, cellColumns: number, groups: Int32Array | undefined): { first: number; count: number } {
  if (!groups) {
    const first = Math.floor(column / cellColumns);
    return { first, count: Math.floor((column + columns - 1) / cellColumns) - first + 1 };
  }
  let [least, most] = [Infinity, 0];
  for (let c = column; c < column + columns; c++) {
    least = Math.min(least, groups[c]!);
    most = Math.max(most, groups[c]!);
  }
  return { first: least, count: most - least + 1 };
}

/** Gives every value of the rectangle the number that `at(row in the rectangle, group from the first)` has. */
function spread(
  { row, rows, column, columns }: Rectangle,
  { groups }: CellContext,
  cells: { cellColumns: number; first: number; rowOf: (row: number) => number; at: (row: number, group: number) => number },
  into: Float32Array,
): void {
  const { cellColumns, first, rowOf, at } = cells;
  for (let r = 0; r < rows; r++) {
    const cellRow = rowOf(row + r);
    for (let c = 0; c < columns;) {
      const group = groups ? groups[column + c]! : Math.floor((column + c) / cellColumns);
      const end = groups ? c + 1 : Math.min(columns, (group + 1) * cellColumns - column);
      into.fill(at(cellRow, group - first), r * columns + c, r * columns + end);
      c = end;
    }
  }
}

function gridCells(layout: Extract<CellLayout, { form: "grid" }>, context: CellContext, rectangle: Rectangle, into: Float32Array): void {
  const { cellRows, cellColumns, transposed, divisor, multiplier } = layout;
  const part = context.parts[layout.part]!;
  const { first, count } = groupSpan(rectangle, cellColumns, context.groups);
  const firstRow = Math.floor(rectangle.row / cellRows);
  const rowCount = Math.floor((rectangle.row + rectangle.rows - 1) / cellRows) - firstRow + 1;
  const inRows = { row: firstRow, rows: rowCount, column: first, columns: count };
  const values = part.floats(transposed ? { row: first, rows: count, column: firstRow, columns: rowCount } : inRows);
  if (divisor !== undefined) for (let i = 0; i < values.length; i++) values[i] = values[i]! / divisor;
  if (multiplier !== undefined) for (let i = 0; i < values.length; i++) values[i] = values[i]! * multiplier;
  const at = transposed
    ? (row: number, group: number) => values[group * rowCount + row]!
    : (row: number, group: number) => values[row * count + group]!;
  spread(rectangle, context, { cellColumns, first, rowOf: (row) => Math.floor(row / cellRows) - firstRow, at }, into);
}

function cycleCells(
  { part, length }: Extract<CellLayout, { form: "cycle" }>,
  { parts, width }: CellContext,
  { row, rows, column, columns }: Rectangle,
  into: Float32Array,
): void {
  const values = parts[part]!.floatRun(0, length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) into[r * columns + c] = values[((row + r) * width + column + c) % length]!;
  }
}

function runCells(
  layout: Extract<CellLayout, { form: "runs" | "nested" }>,
  { parts, width }: CellContext,
  { row, rows, column, columns }: Rectangle,
  into: Float32Array,
): void {
  const { length } = layout;
  const first = Math.floor((row * width + column) / length);
  const count = Math.floor(((row + rows - 1) * width + column + columns - 1) / length) - first + 1;
  const values = layout.form === "runs" ? parts[layout.part]!.floatRun(first, count) : nestedRuns(layout, parts, first, count);
  for (let r = 0; r < rows; r++) {
    const start = (row + r) * width + column;
    for (let c = 0; c < columns;) {
      const run = Math.floor((start + c) / length);
      const end = Math.min(columns, (run + 1) * length - start);
      into.fill(values[run - first]!, r * columns + c, r * columns + end);
      c = end;
    }
  }
}

function nestedRuns(layout: Extract<CellLayout, { form: "nested" }>, parts: readonly Part[], first: number, count: number): Float32Array {
  const { map, blockSize, offset } = layout;
  const codes = parts[layout.part]!.run(first, count);
  const firstBlock = Math.floor(first / blockSize);
  const absmax = parts[layout.absmax]!.floatRun(firstBlock, Math.floor((first + count - 1) / blockSize) - firstBlock + 1);
  return Float32Array.from(codes, (code, i) => {
    return Math.fround(Math.fround(map[code]! * absmax[Math.floor((first + i) / blockSize) - firstBlock]!) + offset);
  });
}

function packedCells(
  layout: Extract<ZeroLayout, { form: "gptq" | "awq" | "stream" }>,
  context: CellContext,
  rectangle: Rectangle,
  into: Float32Array,
): void {
  const part = context.parts[layout.part]!;
  const { first, count } = groupSpan(rectangle, layout.cellColumns, context.groups);
  const { row, rows } = rectangle;
  const bits = layout.form === "awq" ? 4 : layout.bits;
  const { word, words: width, base } = streamSpan(bits, row, rows);
  const isDown = layout.form === "stream";
  const words = part.words(
    isDown ? { row: word, rows: width, column: first, columns: count } : { row: first, rows: count, column: word, columns: width },
  );
  if (layout.form === "gptq" && layout.less === 1) addToFields(words, width, bits, 1);
  const at = (r: number, group: number): number => {
    if (layout.form === "awq") return awqField(words[group * width + ((r - base) >> 3)]!, r);
    if (layout.form === "gptq") return streamField(words, group * width, 1, bits, r - base);
    return streamField(words, group, count, bits, r - base) - layout.subtract;
  };
  spread(rectangle, context, { cellColumns: layout.cellColumns, first, rowOf: (r) => r, at }, into);
}
