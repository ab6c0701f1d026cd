import { codeTable } from "../core/measure/codeTable";
import { type BinRange, binRange } from "../core/measure/histogram";
import type { JobRun } from "./jobRun";
import { ScanAccumulator } from "./scanAccumulator";
import type { ScanResult } from "./tasks/scanTask";
import { bytesOf, type Slice } from "./tasks/slice";
import { cutSlice, cutUnit, taskBytes } from "./tensorPlan";
import { batches, type TensorPart } from "./tensorParts";
import { tensorRange } from "./tensorRange";

export interface ScanOptions {
  bins: number;
  /** Whether whole tensors come back as figures, or everything as mergeable states. */
  finish: boolean;
  /** Bytes of small tensors that one task takes together. */
  batchBytes: number;
}

/**
 * Scans tensors or parts of them. Small ones are batched, one task finishing several; large ones are cut and their
 * pieces merged; those of wide types are then read again for the histogram, whose range is known only by then.
 *
 * @param done called as each part is finished, in no fixed order
 */
export async function scanParts(
  run: JobRun,
  parts: readonly TensorPart[],
  options: ScanOptions,
  done: (part: TensorPart, result: ScanResult) => void,
): Promise<void> {
  const { bins, finish } = options;
  const sizeOf = ({ dtype, values }: Slice): number => bytesOf(dtype, values);
  const isSmall = ({ slice, isWhole }: TensorPart): boolean => isWhole && sizeOf(slice) <= taskBytes;
  await Promise.all([
    ...batches(parts.filter(isSmall), options.batchBytes, sizeOf).map(async (batch) => {
      const pieces = batch.map(({ slice }) => ({ slice, whole: true }));
      const results = await run.task({ kind: "scan", pieces, bins, finish }, batch[0]!.tensor.file);
      results.forEach((result, i) => done(batch[i]!, result));
    }),
    ...parts.filter((part) => !isSmall(part)).map(async (part) => done(part, await scanLarge(run, part, options))),
  ]);
}

async function scanLarge(run: JobRun, part: TensorPart, { bins, finish }: ScanOptions): Promise<ScanResult> {
  const { file } = part.tensor;
  const scan = new ScanAccumulator(part.slice.dtype);
  const pieces = cutSlice(part.slice, cutUnit);
  await Promise.all(
    pieces.map(async (slice, place) => {
      const [result] = await run.task({ kind: "scan", pieces: [{ slice, whole: false }], bins, finish: false }, file);
      if (result?.kind === "state") scan.add(place, result.state);
    }),
  );
  const range = await histogramRange(run, part, scan);
  if (range) {
    const histogram = scan.histogramOver(range, bins);
    await Promise.all(
      pieces.map(async (slice) => histogram.add(await run.nextTask({ kind: "histogram", piece: { slice, ...range, bins } }, file))),
    );
  }
  return finish ? { kind: "figures", figures: scan.figures(bins) } : { kind: "state", state: scan.state(), histogram: scan.counted() };
}

/** The bins of a tensor span all of it, also where only a part is scanned. Undefined where no second pass is needed. */
async function histogramRange(run: JobRun, part: TensorPart, scan: ScanAccumulator): Promise<BinRange | undefined> {
  if (codeTable(part.slice.dtype)) return undefined;
  const { low, high } = part.isWhole ? scan.range() : await tensorRange(run, part.tensor, "stored");
  return low < high ? binRange(low, high) : undefined;
}
