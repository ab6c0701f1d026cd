import type { ErrorTotals } from "../core/measure/errorSums";
import type { ErrorsInput, ErrorsReport, JobContext } from "./contract";
import { measureAll, quantizingEffort } from "./errorsParts";
import { errorsReport, errorsRow, findSchemes } from "./errorsReport";
import { sampleErrors } from "./errorsSample";
import { JobRun } from "./jobRun";
import { planTensors, totalBytes } from "./tensorPlan";
import { type TensorPart, wholeTensors } from "./tensorParts";
import type { WorkerPool } from "./workerPool";

/** What each scheme does to each tensor, measured on every value, and to all of them together. */
export async function measureErrors(pool: WorkerPool, input: ErrorsInput, context: JobContext): Promise<ErrorsReport> {
  const startedAt = performance.now();
  const schemes = findSchemes(input.types);
  const { tensors, skipped } = planTensors(input.checkpoint, input.tensors);
  const bytesRead = totalBytes(tensors);
  if (input.onSampled) {
    const sampled = await sampleErrors(pool, tensors, schemes, input, context);
    if (sampled) input.onSampled(sampled);
  }
  const done = (part: TensorPart, totals: ErrorTotals[]): void => input.onTensor?.(errorsRow(part.tensor.info, schemes, totals));
  const totals = await JobRun.run(pool, context, { bytes: bytesRead, effort: quantizingEffort }, (run) =>
    measureAll(run, wholeTensors(tensors), schemes, { importance: input.importance, done }),
  );
  const report = errorsReport(
    tensors.map(({ info }) => info),
    schemes,
    totals,
  );
  return { ...report, skipped, elapsedMs: performance.now() - startedAt, bytesRead };
}
