import type { CalibratedInput, MethodFigures } from "../../src/protocol/calibration";
import { fixed, missing, significant } from "../ui/format";
import { t } from "../ui/l10n";

/** What dynamic quantization is called among the methods: a range of its own for each token. */
export const dynamicMethod = "dynamic";

/** Names of the methods, as headings have them. */
export function methodLabel(id: string): string {
  const labels: Record<string, () => string> = {
    minmax: () => t("Min–max"),
    percentile: () => t("99.99 %"),
    mse: () => t("MSE"),
    entropy: () => t("Entropy"),
    "onnx-entropy": () => t("Entropy, ONNX Runtime"),
    [dynamicMethod]: () => t("Per token"),
  };
  return labels[id]?.() ?? id;
}

/** A figure of each method that the table can show. */
export interface ShownFigure {
  readonly id: string;
  label(): string;
  /** What the numbers are, as the heading says. */
  unit(): string;
  /** Of a static method; null where there is none. */
  of(figures: MethodFigures): number | null;
  /** Of dynamic quantization, which has no range of its own. */
  dynamic?(input: CalibratedInput): number | null;
  write(value: number | null): string;
  /** Which of a row's methods is the best; undefined where none is. */
  best?: "greatest" | "least";
}

/** Figures in the order of the control that chooses one. */
export const shownFigures: readonly ShownFigure[] = [
  {
    id: "sqnr",
    label: () => t("SQNR"),
    unit: () => t("SQNR in dB"),
    of: ({ sqnrDb }) => sqnrDb,
    dynamic: ({ dynamic }) => dynamic.sqnrDb,
    write: (value) => fixed(value, 1),
    best: "greatest",
  },
  {
    id: "mse",
    label: () => t("MSE"),
    unit: () => t("mean squared error"),
    of: ({ mse }) => mse,
    dynamic: ({ dynamic }) => dynamic.mse,
    write: (value) => significant(value),
    best: "least",
  },
  { id: "low", label: () => t("Low"), unit: () => t("lower end of the range"), of: ({ low }) => low, write: (value) => significant(value) },
  {
    id: "high",
    label: () => t("High"),
    unit: () => t("upper end of the range"),
    of: ({ high }) => high,
    write: (value) => significant(value),
  },
  {
    id: "scale",
    label: () => t("Scale"),
    unit: () => t("scale of the codes"),
    of: ({ scale }) => scale,
    write: (value) => significant(value),
  },
  {
    id: "zeroPoint",
    label: () => t("Zero-point"),
    unit: () => t("zero-point of the codes"),
    of: ({ zeroPoint }) => zeroPoint,
    write: (value) => (value === null ? missing : fixed(value, 0)),
  },
];

export function findFigure(id: string): ShownFigure {
  return shownFigures.find((figure) => figure.id === id) ?? shownFigures[0]!;
}

/** A figure of one method of an input. */
export function figureOf(input: CalibratedInput, method: string, figure: ShownFigure): number | null {
  if (method === dynamicMethod) return figure.dynamic?.(input) ?? null;
  const found = input.methods[method];
  return found ? figure.of(found) : null;
}

/** The static method that is best for an input; undefined where the figure has no best. */
export function bestMethod(input: CalibratedInput, methods: readonly string[], figure: ShownFigure): string | undefined {
  if (!figure.best) return undefined;
  const sign = figure.best === "greatest" ? -1 : 1;
  let best: { method: string; value: number } | undefined;
  for (const method of methods) {
    const value = figureOf(input, method, figure);
    if (value !== null && (!best || sign * value < best.value)) best = { method, value: sign * value };
  }
  return best?.method;
}
