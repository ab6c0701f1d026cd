import type { LinesContent } from "../charts/linesFigure";
import type { GptqSettings, SweepPoint, SweptSetting } from "../../src/protocol/gptq";
import { count, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { groupsText, times } from "./words";

/** One of the figures: output error against a setting. */
export interface SweepFigure {
  readonly id: SweptSetting;
  title(): string;
  xTitle(): string;
  /** The figure in a sentence. */
  sentence(points: readonly SweepPoint[], settings: GptqSettings): string;
}

export const sweepFigures: readonly SweepFigure[] = [
  {
    id: "damping",
    title: () => t("Output error against damping"),
    xTitle: () => t("damping, as a part of the Hessian's mean diagonal"),
    sentence: (points, { bits, groupSize }) => {
      const best = leastOf(points);
      return t(
        "At {0} bits, {1}, GPTQ's output error is least with a damping of {2}: {3} that of round-to-nearest.",
        count(bits),
        groupsText(groupSize),
        String(best.value),
        times(best.gptq, best.rtn),
      );
    },
  },
  {
    id: "groupSize",
    title: () => t("Output error against group size"),
    xTitle: () => t("columns that share a scale"),
    sentence: (points, { bits }) => {
      const [first, last] = [points[0]!, points.at(-1)!];
      return t(
        "At {0} bits, {1} have {2} the output error of {3} with GPTQ, and {4} with round-to-nearest.",
        count(bits),
        groupsText(first.value),
        times(first.gptq, last.gptq),
        groupsText(last.value),
        times(first.rtn, last.rtn),
      );
    },
  },
  {
    id: "bits",
    title: () => t("Output error against bits"),
    xTitle: () => t("bits of a code"),
    sentence: (points, { groupSize }) => {
      const [first, last] = [points[0]!, points.at(-1)!];
      return t(
        "With {0}, GPTQ's output error is {1} that of round-to-nearest at {2} bits, and {3} at {4} bits.",
        groupsText(groupSize),
        times(first.gptq, first.rtn),
        count(first.value),
        times(last.gptq, last.rtn),
        count(last.value),
      );
    },
  },
];

/** The figure in a sentence, once all of it is measured. */
export function sweepSentence(figure: SweepFigure, points: readonly SweepPoint[], settings: GptqSettings): string {
  const isWhole = points.every(({ gptq, rtn }) => gptq !== null && rtn !== null);
  return isWhole ? figure.sentence(points, settings) : t("Not all of it is measured yet.");
}

/** @param columns of the layer: the width of a group that is a whole row */
export function sweepLines(
  { id, xTitle }: SweepFigure,
  points: readonly SweepPoint[],
  settings: GptqSettings,
  columns: number,
): LinesContent {
  const place = (value: number): number => (value === -1 ? columns : value);
  const isRow = (x: number): boolean => id === "groupSize" && x === columns;
  const write = (value: number | null): string => significant(value);
  return {
    xs: points.map(({ value }) => place(value)),
    xTitle: xTitle(),
    writeX: (x) => (isRow(x) ? t("row") : id === "damping" ? String(x) : count(x)),
    doubling: true,
    yTitle: t("relative output error"),
    series: [
      { label: t("Round-to-nearest"), values: points.map(({ rtn }) => rtn), role: "muted", dash: [6, 3], write },
      { label: t("GPTQ"), values: points.map(({ gptq }) => gptq), role: "after", write },
    ],
    markers: [{ label: t("chosen"), value: place(settings[id]) }],
  };
}

function leastOf(points: readonly SweepPoint[]): SweepPoint {
  return points.reduce((least, point) => (point.gptq! < least.gptq! ? point : least));
}
