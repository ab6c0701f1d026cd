import type { TensorStats } from "../../core/measure/reports";
import type { CheckpointSnapshot } from "../../protocol/editor";

/** What a report is made from: the checkpoint's table, and the figures of the tensors that were measured. */
export interface ReportContent {
  readonly snapshot: CheckpointSnapshot;
  /** By index of the tensor. */
  find(index: number): TensorStats | undefined;
}

/** Percentile keys of {@link TensorStats}, in order. */
export const percentileKeys = ["0.1", "1", "5", "25", "50", "75", "95", "99", "99.9"] as const;
