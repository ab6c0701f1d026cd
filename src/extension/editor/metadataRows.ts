import type { MetadataEntry, MetadataValue } from "../../core/tensor/checkpoint";
import type { MetadataRow } from "../../protocol/editor";

/** Characters of a value that a row shows. */
const shownLength = 200;
/** Array elements that a row looks at to fill those characters. */
const shownElements = 16;

/** Text of a value of `type`; 32-bit floats as the shortest decimal that means the same (`1e-5`, not `0.0000099999997…`). */
function valueText(value: MetadataValue, type: string): string {
  if (typeof value !== "number" || !type.includes("f32")) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

function cut(text: string): string {
  return text.length <= shownLength ? text : `${text.slice(0, shownLength - 1)}…`;
}

async function toRow(entry: MetadataEntry): Promise<MetadataRow> {
  if (!entry.read)
    return { key: entry.key, type: entry.type, text: cut(entry.value === undefined ? "" : valueText(entry.value, entry.type)) };
  const first = await entry.read(0, shownElements);
  return {
    key: entry.key,
    type: entry.type,
    text: cut(first.map((value) => valueText(value, entry.type)).join(", ")),
    length: entry.length,
  };
}

/**
 * A page of a checkpoint's metadata. `query` filters by key and scalar text, case-insensitively; arrays are found by
 * their key only, because decoding a vocabulary for every key stroke would take longer than the typing.
 */
export async function metadataPage(
  metadata: readonly MetadataEntry[],
  query: string,
  start: number,
  count: number,
): Promise<{ total: number; rows: MetadataRow[] }> {
  const needle = query.trim().toLowerCase();
  const found = metadata.filter(
    (entry) =>
      entry.key.toLowerCase().includes(needle) ||
      (entry.value !== undefined && valueText(entry.value, entry.type).toLowerCase().includes(needle)),
  );
  const rows = await Promise.all(found.slice(start, start + count).map(toRow));
  return { total: found.length, rows };
}

/** Elements of an array, or the whole text of a scalar as its only element. Undefined for an unknown key. */
export async function metadataElements(
  metadata: readonly MetadataEntry[],
  key: string,
  start: number,
  count: number,
): Promise<{ total: number; values: string[] } | undefined> {
  const entry = metadata.find((candidate) => candidate.key === key);
  if (!entry) return undefined;
  if (!entry.read) return { total: 1, values: start > 0 || entry.value === undefined ? [] : [valueText(entry.value, entry.type)] };
  return { total: entry.length ?? 0, values: (await entry.read(start, count)).map((value) => valueText(value, entry.type)) };
}
