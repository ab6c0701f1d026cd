import type { EstimateAnswer, EstimateLine } from "../../protocol/estimate";
import { csvText } from "../report/csvText";
import { markdownCell, markdownTable } from "../report/markdownText";

export type ReadyEstimate = Extract<EstimateAnswer, { kind: "ready" }>;

/** Rows of these types, in this order. */
function rowsOf({ rows }: ReadyEstimate, types: readonly string[]): EstimateLine[] {
  const byType = new Map(rows.map((row) => [row.type, row]));
  return types.flatMap((type) => byType.get(type) ?? []);
}

/** One line a type, exact bytes; a column a device with the largest context that fits. Figures that are not known are empty. */
export function estimateCsv(answer: ReadyEstimate, types: readonly string[]): string {
  const { cache, working, devices } = answer;
  const known = ["type", "name", "kind", "bitsPerWeight", "weightBytes", "kvCacheBytes", "workingBytes", "totalBytes"];
  return csvText([
    [...known, ...devices.map(({ id }) => `largestContext:${id}`)],
    ...rowsOf(answer, types).map((row) => [
      row.type,
      row.name,
      row.kind,
      row.bitsPerWeight,
      row.bytes,
      cache?.bytes,
      working?.bytes,
      row.neededBytes,
      ...row.devices.map(({ context }) => context),
    ]),
  ]);
}

/** Localized texts of the table. */
export interface EstimateMarkdownText {
  title: string;
  /** Weights, context and cache in a sentence. */
  basis: string;
  /** Type, bits per weight, weights, KV cache, working memory, total. */
  columns: readonly [string, string, string, string, string, string];
  device(index: number): string;
  fits: string;
}

/** The table to read, sizes in GB and GiB. */
export function estimateMarkdown(
  answer: ReadyEstimate,
  types: readonly string[],
  text: EstimateMarkdownText,
  hundredths: (value: number) => string,
): string {
  const [type, bits, weights, cacheTitle, workingTitle, total] = text.columns;
  const gib = (bytes: number | undefined): string => (bytes === undefined ? "–" : hundredths(bytes / 2 ** 30));
  const { cache, working, devices } = answer;
  const about = (row: EstimateLine): string => (row.kind === "approximate" ? "≈ " : "");
  // Working memory is an estimate, whatever the weights are.
  const estimated = working ? "≈ " : "";
  const header = [type, bits, `${weights}, GB`, `${weights}, GiB`, `${cacheTitle}, GiB`, `${workingTitle}, GiB`, `${total}, GiB`];
  const lines = rowsOf(answer, types).map((row) => [
    markdownCell(row.name),
    hundredths(row.bitsPerWeight),
    about(row) + hundredths(row.bytes / 1e9),
    about(row) + gib(row.bytes),
    gib(cache?.bytes),
    estimated + gib(working?.bytes),
    (estimated || about(row)) + gib(row.neededBytes),
    ...row.devices.map(({ fits }) => (fits ? text.fits : "–")),
  ]);
  const table = markdownTable([...header, ...devices.map((_, index) => text.device(index))], lines);
  return [`# ${markdownCell(text.title)}`, markdownCell(text.basis), table, ""].join("\n\n");
}
