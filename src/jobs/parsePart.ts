import { FormatError } from "../core/errors";
import { limits } from "../core/limits";
import type { ErrorsPart, StatsPart } from "./partReport";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
/** JSON has no infinities: a sum that overflowed, or the extrema of nothing. */
const isNumberOrNull: Check = (value) => value === null || typeof value === "number";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isNull: Check = (value) => value === null;
const isExactly =
  (expected: string): Check =>
  (value) =>
    value === expected;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

function objectOf(shape: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const fields = value as Record<string, unknown>;
    return Object.entries(shape).every(([key, check]) => check(fields[key]));
  };
}

function sameCheck(keys: readonly string[], check: Check): Record<string, Check> {
  return Object.fromEntries(keys.map((key) => [key, check]));
}

const isKey: Check = (value) => isCount(value) && (value as number) < 65536;
const isSparse: Check = (value) => {
  if (!objectOf({ keys: listOf(isKey), counts: listOf(isCount) })(value)) return false;
  const { keys, counts } = value as { keys: number[]; counts: number[] };
  return keys.length === counts.length;
};
const isState = either(
  objectOf({ kind: isExactly("codes"), codes: isSparse }),
  objectOf({
    kind: isExactly("wide"),
    patterns: isSparse,
    moments: objectOf({
      ...sameCheck(["finite", "nan", "inf", "zero"], isCount),
      ...sameCheck(["mean", "m2", "m3", "m4", "min", "max"], isNumberOrNull),
    }),
  }),
);
const isHistogram = objectOf({ min: isNumber, max: isNumber, counts: listOf(isCount) });
const isWeighted = objectOf(sameCheck(["weight", "square", "squareX"], isNumberOrNull));
const isTotals = objectOf({
  ...sameCheck(["count", "absolute", "square", "largest", "within5", "product", "squareX", "squareY"], isNumberOrNull),
  weighted: either((value) => value === undefined, isWeighted),
  losses: either((value) => value === undefined, objectOf(sameCheck(["overflow", "underflow"], isCount))),
});

const piece = { index: isCount, name: isText, dtype: isText, shape: listOf(isCount), from: isCount, values: isCount };
const report = {
  part: objectOf({ index: isCount, count: isCount }),
  skipped: listOf(objectOf({ name: isText, reason: isText })),
  elapsedMs: isNumber,
  bytesRead: isNumber,
};
const isStatsPart = objectOf({
  ...report,
  kind: isExactly("stats"),
  bins: isCount,
  tensors: listOf(objectOf({ ...piece, state: isState, histogram: either(isNull, isHistogram) })),
});
const isErrorsPart = objectOf({
  ...report,
  kind: isExactly("errors"),
  types: listOf(isText),
  tensors: listOf(objectOf({ ...piece, totals: listOf(isTotals) })),
});

/**
 * Reads what `--part` printed. The file may come from another machine and be anything: everything that merging relies on
 * is checked.
 *
 * @throws FormatError `bad-part`
 */
export function parsePart(text: string, file: string): StatsPart | ErrorsPart {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badPart(file, "it is no JSON");
  }
  if (objectOf({ error: objectOf({ message: isText }) })(value)) {
    throw badPart(file, `that job failed: ${(value as { error: { message: string } }).error.message}`);
  }
  if (isStatsPart(value)) return checkedStats(value as StatsPart, file);
  if (isErrorsPart(value)) return checkedErrors(value as ErrorsPart, file);
  throw badPart(file, "it was not printed by --part");
}

function checkedStats(part: StatsPart, file: string): StatsPart {
  if (part.bins < 1 || part.bins > limits.histogramBins) throw badPart(file, "its number of bins is not possible");
  for (const { state, histogram } of part.tensors) {
    if (histogram && histogram.counts.length !== part.bins) throw badPart(file, "a histogram has another number of bins");
    if (state.kind !== "wide") continue;
    // Powers of float64 values can be too large for float64.
    for (const key of ["mean", "m2", "m3", "m4"] as const) state.moments[key] ??= NaN;
    if (state.moments.finite > 0) continue;
    state.moments.min = Infinity;
    state.moments.max = -Infinity;
  }
  return part;
}

function checkedErrors(part: ErrorsPart, file: string): ErrorsPart {
  for (const { totals } of part.tensors) {
    if (totals.length !== part.types.length) throw badPart(file, "totals are missing");
    for (const sums of totals) {
      // Infinite, or not a number: then there is no largest error either.
      sums.absolute ??= NaN;
      restoreInfinities(sums);
      if (sums.weighted) restoreInfinities(sums.weighted);
    }
  }
  return part;
}

/** In JSON an infinite sum is null. */
function restoreInfinities(sums: object): void {
  const fields = sums as Record<string, unknown>;
  for (const key of Object.keys(fields)) fields[key] ??= Infinity;
}

function badPart(file: string, why: string): FormatError {
  return new FormatError("bad-part", `"${file}" is not the output of --part: ${why}`, { file });
}
