import type { ErrorFigures } from "../../src/core/measure/reports";
import type { PlaygroundReport, PlaygroundState, QualityCurve, QualityPoint, QualityReport } from "../../src/protocol/playground";
import type { Curve, CurvesContent, NamedValue } from "../charts/curvesFigure";
import { fixed, percent, roundPercent } from "../ui/format";
import { t } from "../ui/l10n";
import type { ColorRole } from "../ui/theme";

/** Ends of the x axis, in bits per weight: the first that holds the reader's place. Quality differs most at its beginning. */
const ends = [9.5, 17.5, 36] as const;
const leastBits = 1.5;

/** Colour for what shares a scale; dashes, asymmetric and symmetric, that tell the curves apart without it. */
const looks: Readonly<Record<QualityCurve["granularity"], { role: ColorRole; dashes: readonly [number[], number[]] }>> = {
  tensor: {
    role: "good",
    dashes: [
      [4, 3],
      [1.5, 4],
    ],
  },
  channel: { role: "after", dashes: [[], [6, 3]] },
  group: {
    role: "level",
    dashes: [
      [12, 3],
      [12, 3, 2, 3],
    ],
  },
};

type Measure = PlaygroundState["measure"];

/** A point that can be chosen. */
export interface QualityValue extends NamedValue {
  readonly scheme: string;
}

/** The measure of a point; undefined where it is infinite or not defined. */
function valueOf({ sqnrDb, within5 }: ErrorFigures, measure: Measure): number | undefined {
  return (measure === "sqnr" ? sqnrDb : within5) ?? undefined;
}

/** A value in full. SQNR is infinite where there is no error. */
export function writeMeasure(figures: ErrorFigures, measure: Measure): string {
  if (measure === "within5") return percent(figures.within5);
  return figures.rmse === 0 ? "∞" : t("{0} dB", fixed(figures.sqnrDb, 1));
}

export function curveLabel({ granularity, symmetric, group }: QualityCurve): string {
  const where =
    granularity === "tensor" ? t("per tensor") : granularity === "channel" ? t("per channel") : t("groups of {0}", String(group));
  return symmetric ? t("{0}, symmetric", where) : t("{0}, asymmetric", where);
}

/** What the chart draws: everything as far as the axis reaches. */
export function qualityContent({ curves, types }: QualityReport, here: PlaygroundReport | undefined, measure: Measure): CurvesContent {
  const standing = here && standingPoint(here, measure);
  const end = ends.find((bits) => bits >= (here?.preview.errors.bitsPerWeight ?? 0)) ?? ends.at(-1)!;
  const visible = (points: readonly QualityPoint[]): QualityValue[] => points.flatMap((point) => pointOf(point, measure, end));
  const drawn = curves.map((curve): Curve => ({
    label: curveLabel(curve),
    role: looks[curve.granularity].role,
    dash: looks[curve.granularity].dashes[curve.symmetric ? 1 : 0],
    points: visible(curve.points),
  }));
  const singles = visible(types);
  const values = [...drawn.flatMap(({ points }) => points), ...singles, ...(standing ? [standing] : [])].map(({ y }) => y);
  const [low, high] = measure === "within5" ? [0, 1.02] : [Math.min(0, ...values), 1.06 * Math.max(1, ...values)];
  return {
    curves: drawn,
    singles,
    ...(standing ? { here: standing } : {}),
    x: [leastBits, end],
    y: [low, high],
    xTitle: t("bits per weight, scales included"),
    yTitle: measure === "sqnr" ? t("SQNR, dB") : t("within 5 %"),
    tickY: (value) => (measure === "sqnr" ? fixed(value, 0) : roundPercent(value)),
  };
}

function pointOf({ scheme, label, figures }: QualityPoint, measure: Measure, end: number): QualityValue[] {
  const y = valueOf(figures, measure);
  const x = figures.bitsPerWeight;
  return y === undefined || x > end || x < leastBits ? [] : [{ x, y, label, scheme }];
}

function standingPoint({ preview: { errors } }: PlaygroundReport, measure: Measure): NamedValue | undefined {
  const y = valueOf(errors, measure);
  if (y === undefined || errors.bitsPerWeight < leastBits) return undefined;
  return { x: errors.bitsPerWeight, y, label: t("here: {0}", writeMeasure(errors, measure)) };
}

/** A point in a sentence. */
export function describePoint(point: NamedValue, curve: string | undefined, measure: Measure): string {
  const value = measure === "sqnr" ? t("{0} dB", fixed(point.y, 1)) : percent(point.y);
  const name = curve === undefined ? point.label : `${point.label}, ${curve}`;
  return t("{0}: {1} at {2} bits per weight", name, value, fixed(point.x, 2));
}

/** A row of the table twin. */
interface QualityRow {
  method: string;
  point: QualityPoint;
}

/** All points, fewest bits first. */
export function qualityRows({ curves, types }: QualityReport): QualityRow[] {
  const rows = [
    ...curves.flatMap((curve) => curve.points.map((point) => ({ method: `${point.label}, ${curveLabel(curve)}`, point }))),
    ...types.map((point) => ({ method: point.label, point })),
  ];
  return rows.sort((a, b) => a.point.figures.bitsPerWeight - b.point.figures.bitsPerWeight);
}

/** The table as comma-separated values, full precision, with a header line. */
export function qualityCsv(report: QualityReport): string {
  const lines = qualityRows(report).map(({ point: { scheme, figures } }) =>
    [
      scheme,
      figures.bitsPerWeight,
      figures.sqnrDb ?? "",
      figures.within5 ?? "",
      figures.mae ?? "",
      figures.rmse ?? "",
      figures.maxError ?? "",
    ].join(","),
  );
  return ["scheme,bits_per_weight,sqnr_db,within_5_percent,mae,rmse,max_error", ...lines].join("\n") + "\n";
}
