import type { TensorStats } from "../../core/measure/reports";

/** What a scan's result depends on: the content of every file, and how it was measured. */
export interface StatsKey {
  readonly uri: string;
  /** Name, size and time of every file of the checkpoint, in order. */
  readonly content: string;
  readonly bins: number;
}

/** Results by tensor index. */
export type MeasuredTensors = ReadonlyMap<number, TensorStats>;

/** Keeps the results of scans, so that a checkpoint that was scanned once shows its figures at once. Never fails: a lost result is measured again. */
export interface StatsCache {
  load(key: StatsKey): Promise<MeasuredTensors | undefined>;
  save(key: StatsKey, measured: MeasuredTensors): Promise<void>;
}
