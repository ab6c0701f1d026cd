import type { BinRange } from "../core/measure/histogram";
import type { Scheme } from "../core/quant/scheme";
import type { JobRun } from "./jobRun";
import { valuesPerTask } from "./schemeCost";
import { commonUnit, cutRule, needsTensorRange } from "./tasks/cutRule";
import { emptyRange } from "./tasks/rangeTask";
import { addedSums, type TensorSums } from "./tasks/tensorSums";
import { cutSlice, type PlannedTensor } from "./tensorPlan";
import { tensorRange } from "./tensorRange";

/** What schemes have to know of a whole tensor before they quantize a part of it. */
export interface TensorFacts {
  /** Least and greatest finite value, the wrong way round where none is known or needed. */
  range: BinRange;
  sums: TensorSums;
}

/** The facts that some schemes need, by all threads. */
export async function tensorFacts(run: JobRun, tensor: PlannedTensor, schemes: readonly Scheme[], known?: BinRange): Promise<TensorFacts> {
  const range = known ?? (schemes.some(needsTensorRange) ? await tensorRange(run, tensor) : emptyRange);
  let sums: TensorSums = {};
  const summing = schemes.filter((scheme) => scheme.tensorSums);
  const { slice, info, file } = tensor;
  for (const scheme of summing) {
    const unit = commonUnit(slice.dtype, [cutRule(scheme, info.shape)]);
    const parts = await Promise.all(
      cutSlice(slice, unit, valuesPerTask([scheme])).map((piece) =>
        run.task({ kind: "sums", slice: piece, shape: info.shape, schemes: [scheme.id], range }, file),
      ),
    );
    for (const part of parts) sums = addedSums(sums, part);
  }
  return { range, sums };
}
