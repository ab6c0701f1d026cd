import type { LinesContent } from "../charts/linesFigure";
import type { GptqFigures } from "../../src/protocol/gptq";
import { count, significant } from "../ui/format";
import { t } from "../ui/l10n";
import type { ColumnFigure } from "./store";

/** Errors of each run of columns, before GPTQ (round-to-nearest) and after. */
export function columnLines({ gptq, rtn }: GptqFigures, figure: ColumnFigure, columns: number): LinesContent {
  const key = figure === "output" ? "output" : "weightRmse";
  const [before, after] = [rtn?.columns[key] ?? [], gptq?.columns[key] ?? []];
  const width = (rtn ?? gptq)?.columns.width ?? 1;
  const write = (value: number | null): string => significant(value);
  return {
    xs: Array.from({ length: Math.max(before.length, after.length) }, (_, run) => run * width),
    xTitle: t("input column"),
    writeX: (x) => (width === 1 ? count(x) : `${count(x)}–${count(Math.min(x + width, columns) - 1)}`),
    yTitle: figure === "output" ? t("part of the relative output error") : t("RMSE of the weights"),
    series: [
      { label: t("Before: round-to-nearest"), values: before, role: "muted", dash: [6, 3], write },
      { label: t("After: GPTQ"), values: after, role: "after", write },
    ],
  };
}

/** The same in a sentence or two. */
export function columnSentence({ gptq, rtn }: GptqFigures, figure: ColumnFigure): string {
  if (!gptq || !rtn) return t("Not all of it is measured yet.");
  const key = figure === "output" ? "output" : "weightRmse";
  const [before, after] = [rtn.columns[key], gptq.columns[key]];
  const { width } = gptq.columns;
  const less = count(after.filter((value, run) => value < before[run]!).length);
  const all = count(after.length);
  if (figure === "output") {
    const negative = after.some((value) => value < 0) || before.some((value) => value < 0);
    const parts = `${t("The parts add up to the output error.")}${negative ? ` ${t("Negative ones make up for errors of other columns.")}` : ""}`;
    return width === 1
      ? `${t("GPTQ's part is below that of round-to-nearest in {0} of {1} columns.", less, all)} ${parts}`
      : `${t("GPTQ's part is below that of round-to-nearest in {0} of {1} runs of {2} columns, each drawn as its sum.", less, all, count(width))} ${parts}`;
  }
  return width === 1
    ? t("GPTQ's weights are nearer to the original than those of round-to-nearest in {0} of {1} columns.", less, all)
    : t(
        "GPTQ's weights are nearer to the original than those of round-to-nearest in {0} of {1} runs of {2} columns, each drawn as its root mean square.",
        less,
        all,
        count(width),
      );
}
