import type { TensorRow, TensorSummary } from "../../../src/protocol/editor";
import type { SortKey } from "../../../src/protocol/editorState";
import { naturalKey } from "./modelOrder";

/** What a tensor is sorted by: a number, a text, or null for what was not computed, which always comes last. */
export type SortValue = number | string | null;

/** The value of a tensor for a key; null for `order`, which leaves things as they are. */
export function sortValue(key: SortKey, row: TensorRow, summary: TensorSummary | undefined): SortValue {
  switch (key) {
    case "order":
      return null;
    case "name":
      return naturalKey(row.name);
    case "shape":
      // By the number of dimensions, then by size: vectors, matrices, stacks.
      return row.shape.length * 2 ** 48 + row.parameters;
    case "dtype":
      return row.dtype;
    case "parameters":
    case "bytes":
      return row[key];
    case "offset":
      return row.file * 2 ** 50 + row.offset;
    case "range":
      return summary?.absMax ?? null;
    case "spark":
      return summary?.kurtosis ?? null;
    default:
      return summary?.[key] ?? null;
  }
}

/** Whether the order changes when a tensor gets its figures. */
export function dependsOnScan(key: SortKey): boolean {
  return ["min", "max", "mean", "std", "kurtosis", "zero", "range", "spark"].includes(key);
}
