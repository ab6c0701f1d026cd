import { UsageError } from "../core/errors";
import { limits } from "../core/limits";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { matrixShape } from "../core/tensor/tensorInfo";
import type { JobContext } from "../jobs/contract";
import { writeNpy } from "../jobs/npyFile";
import { readValues } from "../jobs/valuesJob";
import { formatCount, formatNumber } from "./format";
import { print, printJson } from "./output";
import { interruptible, type TensorOptions, withCheckpoint } from "./session";
import { formatTable } from "./table";
import { findTensor } from "./tensorNames";

interface ValuesOptions extends TensorOptions {
  tensor: string;
  rows?: string;
  out?: string;
}

/** `values`: rows of one tensor, or all of it as a .npy file. */
export function values(path: string, options: ValuesOptions): Promise<void> {
  const { tensor, rows, out, json } = options;
  return withCheckpoint(path, options, (opened) =>
    interruptible(async (context) => {
      const checkpoint = withTensor(opened, tensor);
      const index = findTensor(checkpoint, tensor);
      if (out !== undefined) {
        if (rows !== undefined) throw new UsageError("usage", "--out writes the whole tensor; leave out --rows");
        const written = await writeNpy(checkpoint, index, out, context);
        await (json ? printJson(written) : print(`${written.out}: ${formatCount(written.bytes)} bytes`));
        return;
      }
      const shape = checkpoint.tensors[index]!.shape;
      const range = rowRange(rows, shape);
      const page = await readRows(checkpoint, index, range, context);
      await (json ? printJson({ name: tensor, shape: [...shape], rows: page }) : print(pageText(page, range.first)));
    }),
  );
}

/** The view of a checkpoint that has a tensor of that name: a part of a packed weight is only among the stored ones. */
function withTensor(checkpoint: Checkpoint, name: string): Checkpoint {
  const has = (tensors: Checkpoint["tensors"] | undefined): boolean => tensors?.some((tensor) => tensor.name === name) ?? false;
  return !has(checkpoint.tensors) && checkpoint.stored && has(checkpoint.stored)
    ? { ...checkpoint, tensors: checkpoint.stored }
    : checkpoint;
}

interface RowRange {
  first: number;
  end: number;
}

/** `A:B` as in Python: either end may be left out, or lie behind the last row. Without it as many rows as make a page. */
function rowRange(text: string | undefined, shape: readonly number[]): RowRange {
  const { rows, columns } = matrixShape(shape);
  if (text === undefined) return { first: 0, end: Math.min(rows, Math.max(1, Math.floor(limits.pageValues / Math.max(1, columns)))) };
  const match = /^(\d*):(\d*)$/.exec(text);
  if (!match) throw new UsageError("bad-rows", `"${text}" is no range of rows: write A:B`, { found: text });
  const first = match[1] === "" ? 0 : Number(match[1]);
  const end = match[2] === "" ? rows : Math.min(rows, Number(match[2]));
  return { first, end };
}

/** Values that are printed at most: as text some 200 MB, and as much again in memory. */
const printedValues = 2 ** 23;

/** @throws UsageError `page-too-large` */
function checkSize({ first, end }: RowRange, columns: number): void {
  const count = Math.max(0, end - first) * columns;
  if (count <= printedValues) return;
  throw new UsageError("page-too-large", `${count} values are too many to print`, {
    expected: `at most ${printedValues} values`,
    found: `${end - first} rows of ${columns}`,
    hint: "Ask for fewer rows with --rows A:B, or write the whole tensor with --out FILE.npy.",
  });
}

/** All columns of the rows, read in pages. */
async function readRows(
  checkpoint: Checkpoint,
  tensor: number,
  { first, end }: RowRange,
  context: JobContext,
): Promise<(number | string)[][]> {
  const { columns } = matrixShape(checkpoint.tensors[tensor]!.shape);
  checkSize({ first, end }, columns);
  const rowsAtOnce = Math.max(1, Math.floor(limits.pageValues / Math.max(1, columns)));
  const columnsAtOnce = Math.min(columns, limits.pageValues);
  const result: (number | string)[][] = [];
  for (let row = first; row < end; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, end - row);
    const page: (number | string)[][] = Array.from({ length: rows }, () => []);
    for (let column = 0; column < columns; column += columnsAtOnce) {
      const part = await readValues({ checkpoint, tensor, row, rows, column, columns: columnsAtOnce }, context);
      part.values.forEach((line, i) => {
        for (const value of line) page[i]!.push(value);
      });
    }
    result.push(...page);
  }
  return result;
}

function pageText(page: readonly (number | string)[][], first: number): string {
  const columns = page.reduce((most, row) => Math.max(most, row.length), 0);
  const headings = Array.from({ length: columns }, (_, column) => ({ heading: String(column), numeric: true }));
  const rows = page.map((row, i) => [String(first + i), ...row.map((value) => (typeof value === "number" ? formatNumber(value) : value))]);
  return formatTable([{ heading: "row", numeric: true }, ...headings], rows);
}
