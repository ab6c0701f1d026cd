import type { ErrorFigures } from "../../src/core/measure/reports";
import type {
  LayerCurve,
  LayerPoint,
  LayerReport,
  PlaygroundMethod,
  PlaygroundReport,
  PlaygroundState,
  QualityCurve,
  QualityPoint,
  QualityReport,
} from "../../src/protocol/playground";
import type { Curve, CurvesContent, NamedValue } from "../charts/curvesFigure";
import { fixed, missing, percent, roundPercent } from "../ui/format";
import { t } from "../ui/l10n";
import type { ColorRole } from "../ui/theme";
import { methodNames } from "./calibrated";

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

/** The same for methods that need what enters a layer; rounding stands beside them where it is measured by the layer's outputs. */
const methodLooks: Readonly<Record<PlaygroundMethod, { role: ColorRole; dash: number[] }>> = {
  rtn: { role: "muted", dash: [] },
  gptq: { role: "error", dash: [] },
  awq: { role: "strong", dash: [8, 2, 2, 2] },
};

export type Measure = PlaygroundState["measure"];

/** What a chart or a table of quality is made of. */
export interface QualitySource {
  readonly report: QualityReport;
  /** Of the layer whose weight the values are, where any of it is known. */
  readonly layer: LayerReport | undefined;
  /** Where the reader stands. */
  readonly here: PlaygroundReport | undefined;
}

/** A point that can be chosen. */
export interface QualityValue extends NamedValue {
  readonly scheme: string;
  readonly method: PlaygroundMethod;
}

interface Measured {
  readonly figures: ErrorFigures;
  /** Of the layer's outputs; undefined where it is not known. */
  readonly output?: OutputError;
}

interface OutputError {
  readonly error: number;
  /** As a part of that by rounding with as many bits; undefined where that is none, or not known yet. */
  readonly ofRounding: number | undefined;
}

/** The measure of a point; undefined where it is infinite, not defined or not known. */
function valueOf({ figures: { sqnrDb, within5 }, output }: Measured, measure: Measure): number | undefined {
  if (measure === "output") return output?.ofRounding;
  return (measure === "sqnr" ? sqnrDb : within5) ?? undefined;
}

/** A value in full. SQNR is infinite where there is no error. */
export function writeMeasure({ figures, output }: Measured, measure: Measure): string {
  if (measure === "within5") return percent(figures.within5);
  if (measure === "output") return output?.ofRounding === undefined ? missing : t("{0} of rounding", percent(output.ofRounding));
  return figures.rmse === 0 ? "∞" : t("{0} dB", fixed(figures.sqnrDb, 1));
}

/** What is measured of the reader's place. Of rounding it is known where other methods were compared with it. */
export function placeOf({ here, layer }: QualitySource): Measured | undefined {
  if (!here) return undefined;
  const { preview, output } = here;
  const { errors: figures, scheme } = preview;
  if (output) return { figures, output: { error: output.error, ofRounding: shareOf(output.error, output.rounding) } };
  const error = roundingError(layer, scheme);
  return error === undefined ? { figures } : { figures, output: { error, ofRounding: 1 } };
}

function shareOf(error: number, rounding: number | undefined): number | undefined {
  return rounding === undefined || rounding === 0 ? undefined : error / rounding;
}

function roundingError(layer: LayerReport | undefined, scheme: string): number | undefined {
  const curve = layer?.curves.find(({ method }) => method === "rtn");
  return curve?.points.find((point) => point.scheme === scheme)?.outputError;
}

/** What is measured of a point of a layer's curves. */
function measuredPoint({ figures, scheme, outputError: error }: LayerPoint, layer: LayerReport | undefined): Measured {
  return { figures, output: { error, ofRounding: shareOf(error, roundingError(layer, scheme)) } };
}

function curveLabel({ granularity, symmetric, group }: Omit<QualityCurve, "points">): string {
  const where =
    granularity === "tensor" ? t("per tensor") : granularity === "channel" ? t("per channel") : t("groups of {0}", String(group));
  return symmetric ? t("{0}, symmetric", where) : t("{0}, asymmetric", where);
}

/** As it stands beside a curve of a method that needs what enters a layer. */
function layerLabel(curve: LayerCurve): string {
  return `${curve.method === "rtn" ? t("Rounding") : methodNames[curve.method]}, ${curveLabel(curve)}`;
}

/** How far the axis reaches at least: dB are written whole. */
const leastTop = { sqnr: 5, output: 1 } as const;

/** What the chart draws: everything as far as the axis reaches. */
export function qualityContent(source: QualitySource, measure: Measure): CurvesContent {
  const { report, layer, here } = source;
  const place = placeOf(source);
  const standing = place && standingPoint(place, measure);
  const end = ends.find((bits) => bits >= (here?.preview.errors.bitsPerWeight ?? 0)) ?? ends.at(-1)!;
  const visible = (points: readonly QualityPoint[]): QualityValue[] =>
    points.flatMap((point) => pointOf(point, point, "rtn", measure, end));
  const isOutput = measure === "output";
  const plain = (isOutput ? [] : report.curves).map((curve): Curve => ({
    label: curveLabel(curve),
    role: looks[curve.granularity].role,
    dash: looks[curve.granularity].dashes[curve.symmetric ? 1 : 0],
    points: visible(curve.points),
  }));
  // By their weights' errors, roundings are drawn already.
  const layers = (layer?.curves ?? []).filter(({ method }) => isOutput || method !== "rtn");
  const methods = layers.map((curve): Curve => ({
    label: layerLabel(curve),
    ...methodLooks[curve.method],
    points: curve.points.flatMap((point) => pointOf(point, measuredPoint(point, layer), curve.method, measure, end)),
  }));
  const drawn = [...plain, ...methods];
  const singles = isOutput ? [] : visible(report.types);
  const values = [...drawn.flatMap(({ points }) => points), ...singles, ...(standing ? [standing] : [])].map(({ y }) => y);
  const [low, high] = measure === "within5" ? [0, 1.02] : [Math.min(0, ...values), 1.06 * Math.max(leastTop[measure], ...values)];
  return {
    curves: drawn,
    singles,
    singlesLabel: t("types of fixed width"),
    ...(standing ? { here: standing } : {}),
    x: [leastBits, end],
    y: [low, high],
    xTitle: t("bits per weight, scales included"),
    yTitle: measureTitle(measure),
    tickY: (value) => (measure === "sqnr" ? fixed(value, 0) : roundPercent(value)),
  };
}

function measureTitle(measure: Measure): string {
  if (measure === "within5") return t("within 5 %");
  return measure === "sqnr" ? t("SQNR, dB") : t("error of the outputs, as a part of that by rounding");
}

function pointOf(
  { label, scheme, figures }: QualityPoint,
  measured: Measured,
  method: PlaygroundMethod,
  measure: Measure,
  end: number,
): QualityValue[] {
  const y = valueOf(measured, measure);
  const x = figures.bitsPerWeight;
  return y === undefined || x > end || x < leastBits ? [] : [{ x, y, label, scheme, method }];
}

function standingPoint(place: Measured, measure: Measure): NamedValue | undefined {
  const y = valueOf(place, measure);
  const x = place.figures.bitsPerWeight;
  const label = t("here: {0}", measure === "output" ? percent(y) : writeMeasure(place, measure));
  return y === undefined || x < leastBits ? undefined : { x, y, label };
}

/** A point in a sentence. */
export function describePoint(point: NamedValue, curve: string | undefined, measure: Measure): string {
  const value =
    measure === "within5"
      ? percent(point.y)
      : measure === "output"
        ? t("{0} of rounding", percent(point.y))
        : t("{0} dB", fixed(point.y, 1));
  const name = curve === undefined ? point.label : `${point.label}, ${curve}`;
  return t("{0}: {1} at {2} bits per weight", name, value, fixed(point.x, 2));
}

/** A row of the table twin. */
interface QualityRow extends Measured {
  readonly name: string;
  readonly scheme: string;
  readonly method: PlaygroundMethod;
}

/** All points, fewest bits first. */
export function qualityRows({ report: { curves, types }, layer }: Pick<QualitySource, "report" | "layer">): QualityRow[] {
  const rows: QualityRow[] = [
    ...curves.flatMap((curve) =>
      curve.points.map(({ label, ...point }) => ({ ...point, name: `${label}, ${curveLabel(curve)}`, method: "rtn" as const })),
    ),
    ...types.map(({ label, ...point }) => ({ ...point, name: label, method: "rtn" as const })),
    ...(layer?.curves ?? []).flatMap((curve) =>
      curve.points.map((point) => ({
        ...measuredPoint(point, layer),
        scheme: point.scheme,
        name: `${point.label}, ${layerLabel(curve)}`,
        method: curve.method,
      })),
    ),
  ];
  return rows.sort((a, b) => a.figures.bitsPerWeight - b.figures.bitsPerWeight);
}

/** The table as comma-separated values, full precision, with a header line. */
export function qualityCsv(source: Pick<QualitySource, "report" | "layer">): string {
  const lines = qualityRows(source).map(({ scheme, method, figures, output }) =>
    [
      scheme,
      output ? method : "",
      figures.bitsPerWeight,
      figures.sqnrDb ?? "",
      figures.within5 ?? "",
      figures.mae ?? "",
      figures.rmse ?? "",
      figures.maxError ?? "",
      output?.error ?? "",
    ].join(","),
  );
  return ["scheme,layer_method,bits_per_weight,sqnr_db,within_5_percent,mae,rmse,max_error,output_error", ...lines].join("\n") + "\n";
}
