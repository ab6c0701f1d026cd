import type { BinRange } from "../core/measure/histogram";
import type { JobRun } from "./jobRun";
import { emptyRange } from "./tasks/rangeTask";
import { cutSlice, cutUnit, type PlannedTensor } from "./tensorPlan";

/** Least and greatest finite value of a whole tensor, by all threads. */
export async function tensorRange(run: JobRun, { slice, file }: PlannedTensor): Promise<BinRange> {
  let { low, high } = emptyRange;
  await Promise.all(
    cutSlice(slice, cutUnit).map(async (piece) => {
      const found = await run.task({ kind: "range", slice: piece }, file);
      low = Math.min(low, found.low);
      high = Math.max(high, found.high);
    }),
  );
  return { low, high };
}
