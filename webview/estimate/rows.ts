import type { EstimateLine } from "../../src/protocol/estimate";

/** What rows are sorted by; `device:0` and so on by the largest context that fits. */
export type SortKey = "listed" | "name" | "bits" | "bytes" | "total" | `device:${number}`;

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

export function isSortKey(value: unknown): value is SortKey {
  return typeof value === "string" && /^(listed|name|bits|bytes|total|device:\d+)$/.test(value);
}

const collator = new Intl.Collator("en", { numeric: true });

/** Rows that have every word of the filter, sorted; those without a figure last. */
export function shownRows(rows: readonly EstimateLine[], filter: string, { key, descending }: Sorting): EstimateLine[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter(({ type, name, explanation }) => {
    const text = `${type} ${name} ${explanation}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (key === "listed") return shown;
  const sign = descending ? -1 : 1;
  return shown.sort((a, b) => sign * compare(a, b, key));
}

function compare(a: EstimateLine, b: EstimateLine, key: Exclude<SortKey, "listed">): number {
  if (key === "name") return collator.compare(a.name, b.name);
  return figure(a, key) - figure(b, key);
}

function figure(row: EstimateLine, key: Exclude<SortKey, "listed" | "name">): number {
  if (key === "bits") return row.bitsPerWeight;
  if (key === "bytes") return row.bytes;
  if (key === "total") return row.neededBytes;
  return row.devices[Number(key.slice("device:".length))]?.context ?? -1;
}

/** How a press on a heading changes the order: ascending, descending, as listed. */
export function nextSorting({ key, descending }: Sorting, pressed: SortKey): Sorting {
  if (key !== pressed) return { key: pressed, descending: false };
  return descending ? { key: "listed", descending: false } : { key, descending: true };
}
