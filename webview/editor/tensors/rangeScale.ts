import type { TensorRow, TensorSummary } from "../../../src/protocol/editor";

/**
 * The value at both ends of the Range column: one scale for all rows, or their sizes could not be compared. It is taken
 * from matrices, since norms lie around 1 and would flatten everything else, and is at most four times their median
 * magnitude, so that one outlier tensor does not hide the rest. Rows beyond it show their range as text.
 */
export function rangeScale(rows: readonly TensorRow[], summaries: readonly (TensorSummary | undefined)[]): number | undefined {
  const magnitudes = (matricesOnly: boolean): number[] =>
    summaries.flatMap((summary, index) => {
      const isMatrix = (rows[index]?.shape.length ?? 0) >= 2;
      const magnitude = summary?.absMax ?? 0;
      return magnitude > 0 && (isMatrix || !matricesOnly) ? [magnitude] : [];
    });
  const matrices = magnitudes(true);
  const sorted = (matrices.length > 0 ? matrices : magnitudes(false)).sort((a, b) => a - b);
  const largest = sorted[sorted.length - 1];
  const median = sorted[Math.floor(sorted.length / 2)];
  return largest === undefined || median === undefined ? undefined : Math.min(largest, 4 * median);
}
