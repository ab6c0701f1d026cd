import type { KnownPerplexity } from "../../src/protocol/playground";
import type { CurvesContent, NamedValue } from "../charts/curvesFigure";
import { typeLabel } from "../charts/typeLabel";
import { affineId, parseAffine } from "../editor/histogram/affineChoice";
import { fixed } from "../ui/format";
import { t } from "../ui/l10n";

/** Perplexities above so many times the original's are named beside the chart: all others would be flat. */
const mostTimes = 1.5;

type Row = KnownPerplexity["rows"][number];

/** A type that can be gone to where it is a scheme. */
export interface PerplexityValue extends NamedValue {
  readonly scheme?: string;
}

/** The row of a type; undefined where it was not measured. */
export function perplexityOf(known: KnownPerplexity | undefined, type: string): Row | undefined {
  return known?.rows.find((row) => row.type === type);
}

/** A type as people call it. */
export function rowName({ type, schemeLabel }: Row): string {
  return typeLabel(type, schemeLabel ?? type);
}

/** `24.31 (original 24.13)` */
export function writePerplexity(row: Row, { original }: KnownPerplexity): string {
  return t("{0} (original {1})", fixed(row.perplexity, 2), fixed(original, 2));
}

/** The method at several widths, other types beside it, and the original across; those that are too far off are left out. */
export function perplexityContent(known: KnownPerplexity, chosen: string): { content: CurvesContent; left: Row[] } {
  const { original } = known;
  const [left, near] = [known.rows.filter((row) => isFar(row, known)), known.rows.filter((row) => !isFar(row, known))];
  const method = methodOf(chosen);
  const along = near.filter(({ type }) => method !== undefined && methodOf(type) === method);
  const here = near.find(({ type }) => type === chosen);
  const value = (row: Row): PerplexityValue => ({
    x: row.bitsPerWeight,
    y: row.perplexity,
    label: rowName(row),
    ...(row.schemeLabel === null ? {} : { scheme: row.type }),
  });
  const ys = [original, ...near.map(({ perplexity }) => perplexity)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const room = Math.max(high - low, 0.01 * original) * 0.15;
  const bits = near.map(({ bitsPerWeight }) => bitsPerWeight);
  const [start, end] = bits.length > 0 ? [Math.floor(Math.min(...bits) - 0.5), Math.ceil(Math.max(...bits) + 0.5)] : [0, 16];
  const across = [start, end].map((x): PerplexityValue => ({ x, y: original, label: t("original") }));
  const curves = [
    ...(along.length > 0
      ? [{ label: t("this method"), role: "after" as const, dash: [], points: along.map(value).sort((a, b) => a.x - b.x) }]
      : []),
    { label: t("original: {0}", fixed(original, 2)), role: "muted" as const, dash: [1.5, 4], points: across },
  ];
  const content: CurvesContent = {
    curves,
    singles: near.filter((row) => !along.includes(row)).map(value),
    singlesLabel: t("other types"),
    ...(here ? { here: { ...value(here), label: t("here: {0}", fixed(here.perplexity, 2)) } } : {}),
    x: [start, end],
    y: [low - room, high + room],
    xTitle: t("bits per weight of the model"),
    yTitle: t("perplexity"),
    tickY: (tick) => fixed(tick, high - low > 5 ? 0 : high - low > 0.5 ? 1 : 2),
  };
  return { content, left };
}

function isFar({ perplexity }: Row, { original }: KnownPerplexity): boolean {
  return !(perplexity <= mostTimes * original);
}

/** What affine types with other bits have in common. */
function methodOf(type: string): string | undefined {
  const choice = parseAffine(type);
  return choice && affineId({ ...choice, bits: 0 });
}
