const suffixes: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** A number as people type it: with a point or a comma, with either minus, and with the suffix of a model's name, as in `70B`. NaN where it is none. */
export function readNumber(typed: string): number {
  const text = typed.trim().toLowerCase().replace("−", "-").replace(",", ".");
  const factor = suffixes[text.slice(-1)];
  const digits = (factor === undefined ? text : text.slice(0, -1)).trim();
  return digits === "" ? Number.NaN : Number(digits) * (factor ?? 1);
}

/** A number to begin typing from: large ones as `readNumber` takes them, `7B`. */
export function shortNumber(value: number): string {
  const [suffix, size] = Object.entries(suffixes).reduce<[string, number]>(
    (chosen, offered) => (Math.abs(value) >= offered[1] ? offered : chosen),
    ["", 1],
  );
  return `${Number((value / size).toPrecision(12))}${suffix.toUpperCase()}`;
}
