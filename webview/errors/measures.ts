import type { ErrorFigures } from "../../src/core/measure/reports";
import { fixed, significant } from "../ui/format";
import { t } from "../ui/l10n";

/** Identifier of a figure that the table can show. */
export type MeasureId = "relativeRmse" | "sqnrDb" | "mae" | "maxError" | "within5" | "weightedRelativeRmse";

/** A figure of the table: how it is named, written and compared. */
export interface Measure {
  readonly id: MeasureId;
  label(): string;
  /** What a cell holds, for the heading of the first column. */
  unit(): string;
  /** Whether a larger figure is a larger damage. */
  readonly growsWithDamage: boolean;
  write(value: number): string;
}

/** Two decimals in all cells: tensors of one model often differ by less than a tenth of a percent. */
const percent = (value: number): string => fixed(100 * value, 2);

/** In the order in which they are offered. */
export const measures: readonly Measure[] = [
  { id: "relativeRmse", label: () => t("Relative RMSE"), unit: () => t("% of its RMS"), growsWithDamage: true, write: percent },
  { id: "sqnrDb", label: () => t("SQNR"), unit: () => t("dB"), growsWithDamage: false, write: (value) => fixed(value, 2) },
  { id: "mae", label: () => t("MAE"), unit: () => t("mean absolute error"), growsWithDamage: true, write: (value) => significant(value) },
  {
    id: "maxError",
    label: () => t("Max error"),
    unit: () => t("largest error"),
    growsWithDamage: true,
    write: (value) => significant(value),
  },
  { id: "within5", label: () => t("Within 5 %"), unit: () => t("% of its values"), growsWithDamage: false, write: percent },
];

/** Only with an importance matrix. */
const weighted: Measure = {
  id: "weightedRelativeRmse",
  label: () => t("Weighted"),
  unit: () => t("% of its weighted RMS"),
  growsWithDamage: true,
  write: percent,
};

/** The measures that there are figures for. */
export function offeredMeasures(hasImportance: boolean): readonly Measure[] {
  return hasImportance ? [...measures, weighted] : measures;
}

export function findMeasure(id: string | undefined, hasImportance: boolean): Measure {
  return offeredMeasures(hasImportance).find((measure) => measure.id === id) ?? measures[0]!;
}

/** A figure, or null where there is none. */
export function figureOf(figures: ErrorFigures | null | undefined, { id }: Measure): number | null {
  return figures?.[id] ?? null;
}

/**
 * Whether values became NaN or infinite, so that the error has no size. Nothing else has no RMSE: what could not be measured, or holds
 * no finite value, has no share of values within 5 % either.
 */
export function isUnbounded(figures: ErrorFigures | null | undefined): boolean {
  return figures?.rmse === null && figures.within5 !== null;
}

/**
 * How much a figure is tinted, 0 to 1, on one logarithmic scale for the whole table: damage of other types differs by powers
 * of ten. A figure in decibels is one already.
 */
export function tintOf(value: number | null, low: number, high: number, measure: Measure): number {
  if (value === null) return 0;
  const place = (figure: number): number => {
    if (measure.id === "sqnrDb") return -figure;
    if (measure.id === "within5") return -figure;
    return Math.log10(Math.max(figure, 1e-12));
  };
  const [from, to] = measure.growsWithDamage ? [place(low), place(high)] : [place(high), place(low)];
  return to > from ? Math.min(1, Math.max(0, (place(value) - from) / (to - from))) : 0.5;
}
