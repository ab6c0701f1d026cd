import type { ErrorFigures } from "../../../src/core/measure/reports";

const figures = ["bitsPerWeight", "bytes", "relativeRmse", "rmse", "mae", "maxError", "sqnrDb", "within5", "cosine"] as const;

/** What types do to a tensor as CSV: one line a type, figures at full precision. */
export function typesCsv(types: Record<string, ErrorFigures>): string {
  const lines = Object.entries(types).map(([type, found]) => [type, ...figures.map((key) => found[key] ?? "")].join(","));
  return `${["type", ...figures].join(",")}\n${lines.join("\n")}\n`;
}
