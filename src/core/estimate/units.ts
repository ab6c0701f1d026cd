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
