import type { ErrorTotals } from "../core/measure/errorSums";
import type { HistogramReport } from "../core/measure/reports";
import type { Skipped } from "./tensorPlan";
import type { Part } from "./tensorParts";
import type { ScanState } from "./tasks/scanTask";

interface PartReport {
  part: Part;
  /** Of the whole checkpoint. */
  skipped: Skipped[];
  elapsedMs: number;
  bytesRead: number;
}

/** What a part has of a tensor. */
export interface PartTensor {
  /** Place among the tensors of the checkpoint. */
  index: number;
  name: string;
  dtype: string;
  shape: number[];
  /** The values that were measured: index of the first, and how many. */
  from: number;
  values: number;
}

/** One share of a `stats` job: states that merge, as JSON. */
export interface StatsPart extends PartReport {
  kind: "stats";
  bins: number;
  tensors: (PartTensor & { state: ScanState; histogram: HistogramReport | null })[];
}

/** One share of an `errors` job. */
export interface ErrorsPart extends PartReport {
  kind: "errors";
  types: string[];
  /** `totals` in the order of `types`. */
  tensors: (PartTensor & { totals: ErrorTotals[] })[];
}
