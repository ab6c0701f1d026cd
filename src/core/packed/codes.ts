import { streamField, streamSpan } from "./bitStream";
import type { CodeLayout } from "./layout";
import type { Part, Rectangle } from "./part";

/** Output channel within its eight that nibble `i` of a word of AutoAWQ holds is `awqOrder.indexOf`; this is its inverse. */
const awqNibble = [0, 4, 1, 5, 2, 6, 3, 7];

/** Lowest bit of output channel `row` in AutoAWQ's words. */
export function awqShift(row: number): number {
  return 4 * awqNibble[row & 7]!;
}

/** Nibble of output channel `row` in AutoAWQ's words. */
export function awqField(word: number, row: number): number {
  return (word >>> awqShift(row)) & 15;
}

/** Writes the codes of a rectangle of the weight, row-major. `width` is the length of the weight's rows. */
export function readCodes(layout: CodeLayout, parts: readonly Part[], rectangle: Rectangle, width: number, into: Int32Array): void {
  const part = parts[layout.part]!;
  switch (layout.form) {
    case "stream":
      return layout.along === "columns" ? streamDown(layout, part, rectangle, into) : streamAlong(layout, part, rectangle, into);
    case "words":
      return wordsAlong(layout, part, rectangle, into);
    case "awq":
      return awqCodes(part, rectangle, into);
    case "bytes":
      return byteCodes(part, rectangle, layout.signed, into);
    case "nibbles":
      return nibbleCodes(part, rectangle, width, layout.first, into);
    case "slices":
      return sliceCodes(layout, part, rectangle, width, into);
  }
}

type Stream = Extract<CodeLayout, { form: "stream" }>;

/** Inputs run down the columns of the part, whose columns are the outputs. */
function streamDown({ bits, subtract }: Stream, part: Part, { row, rows, column, columns }: Rectangle, into: Int32Array): void {
  const { word, words: count, base } = streamSpan(bits, column, columns);
  const words = part.words({ row: word, rows: count, column: row, columns: rows });
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) into[r * columns + c] = streamField(words, r, rows, bits, column + c - base) - subtract;
  }
}

/** Inputs run along the rows of the part, whose rows are the outputs. */
function streamAlong({ bits, subtract }: Stream, part: Part, { row, rows, column, columns }: Rectangle, into: Int32Array): void {
  const { word, words: count, base } = streamSpan(bits, column, columns);
  const words = part.words({ row, rows, column: word, columns: count });
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) into[r * columns + c] = streamField(words, r * count, 1, bits, column + c - base) - subtract;
  }
}

function wordsAlong(
  { bits, subtract }: Extract<CodeLayout, { form: "words" }>,
  part: Part,
  { row, rows, column, columns }: Rectangle,
  into: Int32Array,
): void {
  const perWord = Math.floor(32 / bits);
  const first = Math.floor(column / perWord);
  const count = Math.ceil((column + columns) / perWord) - first;
  const words = part.words({ row, rows, column: first, columns: count });
  const mask = 2 ** bits - 1;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = column + c - first * perWord;
      const word = words[r * count + Math.floor(at / perWord)]!;
      into[r * columns + c] = ((word >>> (bits * (at % perWord))) & mask) - subtract;
    }
  }
}

function awqCodes(part: Part, { row, rows, column, columns }: Rectangle, into: Int32Array): void {
  const first = row >> 3;
  const count = ((row + rows + 7) >> 3) - first;
  const words = part.words({ row: column, rows: columns, column: first, columns: count });
  for (let r = 0; r < rows; r++) {
    const word = ((row + r) >> 3) - first;
    for (let c = 0; c < columns; c++) into[r * columns + c] = awqField(words[c * count + word]!, row + r);
  }
}

function byteCodes(part: Part, rectangle: Rectangle, signed: boolean, into: Int32Array): void {
  const bytes = part.bytes(rectangle);
  into.set(signed ? new Int8Array(bytes.buffer) : bytes);
}

function nibbleCodes(part: Part, { row, rows, column, columns }: Rectangle, width: number, first: "low" | "high", into: Int32Array): void {
  const odd = first === "low" ? 4 : 0;
  for (let r = 0; r < rows; r++) {
    const start = (row + r) * width + column;
    const from = start >> 1;
    const bytes = part.run(from, ((start + columns + 1) >> 1) - from);
    for (let c = 0; c < columns; c++) {
      const at = start + c;
      into[r * columns + c] = (bytes[(at >> 1) - from]! >> ((at & 1) === 0 ? 4 - odd : odd)) & 15;
    }
  }
}

function sliceCodes(
  { bits, shifts, groupSize }: Extract<CodeLayout, { form: "slices" }>,
  part: Part,
  { row, rows, column, columns }: Rectangle,
  width: number,
  into: Int32Array,
): void {
  const mask = 2 ** bits - 1;
  const isWord = part.ref.dtype === "I32";
  for (let r = 0; r < rows; r++) {
    const start = (row + r) * width + column;
    for (let c = 0; c < columns;) {
      const group = Math.floor((start + c) / groupSize);
      const within = (start + c) % groupSize;
      const count = Math.min(columns - c, groupSize - within);
      const slice = Math.floor(group / part.ref.rows);
      const bytes = part.run((group % part.ref.rows) * groupSize + within, count);
      const packed = isWord ? new Int32Array(bytes.buffer) : bytes;
      for (let i = 0; i < count; i++) into[r * columns + c + i] = (packed[i]! >>> shifts[slice]!) & mask;
      c += count;
    }
  }
}
