import { blockCodes, hasBlockCodes } from "../core/decode/codes";
import { exactIntegers, needsExactIntegers } from "../core/decode/exactIntegers";
import { throwIfAborted, UsageError } from "../core/errors";
import { limits } from "../core/limits";
import { readPackedPage } from "../core/packed/packedPage";
import { matrixShape } from "../core/tensor/tensorInfo";
import type { JobContext, ValuesInput, ValuesReport } from "./contract";
import { openSource } from "./tasks/byteSource";
import { type BlockRun, decodeDoubles, decodeRun, openTensor, type OpenTensor, readBlocks } from "./tensorBytes";

/** Stored bytes that are read at once when rows lie close together. */
const spanBytes = 2 ** 20;

/**
 * A page of a tensor seen as a matrix; what lies outside of it is left out.
 *
 * @throws UsageError `page-too-large`, `unknown-tensor`, `unreadable-tensor`
 */
export async function readValues(input: ValuesInput, { signal }: Pick<JobContext, "signal">): Promise<ValuesReport> {
  const tensor = openTensor(input.checkpoint, input.tensor);
  const matrix = matrixShape(tensor.info.shape);
  const row = clamp(input.row, matrix.rows);
  const column = clamp(input.column, matrix.columns);
  const rows = Math.max(0, Math.min(input.rows, matrix.rows - row));
  const columns = Math.max(0, Math.min(input.columns, matrix.columns - column));
  if (rows * columns > limits.pageValues) {
    throw new UsageError("page-too-large", `A page has at most ${limits.pageValues} values, not ${rows} × ${columns}`);
  }
  const report: ValuesReport = { name: tensor.info.name, shape: [...tensor.info.shape], row, column, values: [] };
  const { packed, source } = tensor.info;
  if (packed && source?.ref.kind === "packed" && rows > 0 && columns > 0) {
    throwIfAborted(signal);
    const page = readPackedPage(source.ref, { row, rows, column, columns }, openSource);
    const cut = <T>(cells: readonly T[]): T[][] => Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns));
    return { ...report, values: cut(Array.from(page.values, shown)), codes: cut(Array.from(page.codes)) };
  }
  if (hasBlockCodes(tensor.dtype)) report.codes = [];
  const bytesPerRow = (matrix.columns / tensor.blockSize) * tensor.blockBytes;
  // At least one row at a time; then only the part of it that is shown.
  const rowsAtOnce = Math.max(1, Math.floor(spanBytes / Math.max(1, bytesPerRow)));
  for (let done = 0; done < rows && columns > 0; done += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - done);
    const start = (row + done) * matrix.columns + column;
    const span = (count - 1) * matrix.columns + columns;
    const run = await readBlocks(tensor, start, span, signal);
    appendRows(report, tensor, run, { start: start - run.first, count, columns, stride: matrix.columns });
  }
  return report;
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(index, length));
}

interface Window {
  start: number;
  count: number;
  columns: number;
  stride: number;
}

function appendRows(report: ValuesReport, tensor: OpenTensor, run: BlockRun, { start, count, columns, stride }: Window): void {
  const exact = needsExactIntegers(tensor.dtype) ? exactIntegers(tensor.dtype, run.bytes) : undefined;
  const values = exact ?? Array.from(decodeDoubles(tensor, run) ?? decodeRun(tensor, run), shown);
  const codes = report.codes && Array.from(blockCodes(tensor.dtype, run.bytes));
  for (let i = 0; i < count; i++) {
    const at = start + i * stride;
    report.values.push(values.slice(at, at + columns));
    if (codes) report.codes!.push(codes.slice(at, at + columns));
  }
}

function shown(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
