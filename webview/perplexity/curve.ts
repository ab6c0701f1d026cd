import type { PerplexityRow } from "../../src/protocol/perplexity";
import { linearTicks } from "../charts/axisTicks";
import { typeLabel } from "../charts/typeLabel";
import type { TypesContent } from "../charts/typesFigure";
import { fixed } from "../ui/format";
import { t } from "../ui/l10n";

/** Perplexities above this many times the original's are out of the picture, where others are in it: they would flatten all others. */
const mostTimes = 1.5;

/** A name as short as it fits beside a point. */
export function rowLabel({ kind, label, schemeLabel }: PerplexityRow): string {
  return kind === "type" ? typeLabel(label, schemeLabel ?? label) : label;
}

/** Bits per weight against perplexity, of what is measured, and the rows of its points. The original is a line. */
export function curveOf(
  rows: readonly PerplexityRow[],
  chosen: PerplexityRow | undefined,
): { content: TypesContent; rows: PerplexityRow[] } {
  const base = rows.find(({ kind }) => kind === "original")?.figures?.perplexity;
  const measured = rows.filter(({ kind, figures, bitsPerWeight }) => kind !== "original" && figures && bitsPerWeight !== null);
  const values = measured.map(({ figures }) => figures!.perplexity);
  const shown = values.filter((value) => base === undefined || value <= mostTimes * base);
  const all = [...(shown.length > 0 ? shown : values), ...(base === undefined ? [] : [base])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = Math.max(0.02 * least, 0.08 * (most - least));
  const [low, high] = [Math.max(0, least - room), most + room];
  const place = measured.findIndex(({ id }) => id === chosen?.id);
  const ticks = linearTicks(low, high, 5);
  const decimals = ticks.length > 1 && ticks[1]! - ticks[0]! < 1 ? 1 : 0;
  return {
    rows: measured,
    content: {
      title: t("perplexity"),
      hint: t("Filled: the Pareto front. No listed type foresees the text better in as few bits. Hollow: another is as small and better."),
      chosen: place < 0 ? undefined : place,
      points: measured.map((row) => {
        const error = row.figures!.perplexity;
        const label = rowLabel(row);
        return { label: error > high ? `${label} ${fixed(error, 0)} ↑` : label, bitsPerWeight: row.bitsPerWeight!, error };
      }),
      axis: {
        low,
        high,
        ticks,
        tick: (value) => fixed(value, decimals),
        write: (value) => fixed(value, 2),
        ...(base === undefined ? {} : { line: { value: base, label: t("original {0}", fixed(base, 2)) } }),
      },
    },
  };
}
