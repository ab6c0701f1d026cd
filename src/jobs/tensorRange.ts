import type { BinRange } from "../core/measure/histogram";
import type { JobRun } from "./jobRun";
import { emptyRange, type RangeKind } from "./tasks/rangeTask";
import { cutSlice, cutUnit, type PlannedTensor } from "./tensorPlan";

/** Least and greatest finite value of a whole tensor, as float32 or as stored, by all threads. */
export async function tensorRange(run: JobRun, { slice, file }: PlannedTensor, of: RangeKind = "float32"): Promise<BinRange> {
  let { low, high } = emptyRange;
  await Promise.all(
    cutSlice(slice, cutUnit).map(async (piece) => {
      const found = await run.task({ kind: "range", slice: piece, of }, file);
      low = Math.min(low, found.low);
      high = Math.max(high, found.high);
    }),
  );
  return { low, high };
}
