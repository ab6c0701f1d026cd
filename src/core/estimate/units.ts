function threeDigits(value: number): string {
  if (value >= 999.5) return Math.round(value).toString();
  return value.toPrecision(3);
}

function inUnits(bytes: number, base: number, units: readonly [string, string, string]): string {
  const [large, middle, small] = units;
  if (bytes >= 0.1 * base ** 3 || bytes === 0) return `${bytes === 0 ? "0" : threeDigits(bytes / base ** 3)} ${large}`;
  if (bytes >= 0.1 * base ** 2) return `${threeDigits(bytes / base ** 2)} ${middle}`;
  return `${threeDigits(bytes / base)} ${small}`;
}

/** Bytes in decimal gigabytes (10⁹) with three significant digits: `28.0 GB`. Below 0.1 GB in MB, below 0.1 MB in kB. */
export function formatGB(bytes: number): string {
  return inUnits(bytes, 1000, ["GB", "MB", "kB"]);
}

/** Bytes in binary gibibytes (2³⁰) with three significant digits: `26.1 GiB`. Below 0.1 GiB in MiB, below 0.1 MiB in KiB. */
export function formatGiB(bytes: number): string {
  return inUnits(bytes, 1024, ["GiB", "MiB", "KiB"]);
}

const scales: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** Bytes of a size such as `3.9GB`, `2 GiB`, `500M` or `123456`; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]i?|)b?$/i.exec(text.trim());
  const bytes = match && Math.floor(Number(match[1]) * scales[match[2]!.toLowerCase()]!);
  return bytes && Number.isSafeInteger(bytes) ? bytes : undefined;
}
