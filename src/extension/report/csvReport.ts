import type { TensorStats } from "../../core/measure/reports";
import { csvText } from "./csvText";
import { percentileKeys, type ReportContent } from "./reportContent";

const figureColumns = ["finite", "nan", "inf", "zero", "min", "max", "mean", "std", "rms", "absMax", "kurtosis"] as const;

function figures(stats: TensorStats | undefined): (number | null | undefined)[] {
  return [...figureColumns.map((column) => stats?.[column]), ...percentileKeys.map((key) => stats?.percentiles?.[key])];
}

/** One line a tensor, RFC 4180, numbers at full precision; figures are empty where nothing was measured. */
export function csvReport({ snapshot, find }: ReportContent): string {
  const header = [
    "name",
    "dtype",
    "shape",
    "parameters",
    "bytes",
    "file",
    "offset",
    ...figureColumns,
    ...percentileKeys.map((key) => `p${key}`),
  ];
  const lines = snapshot.tensors.map((tensor, index) => [
    tensor.name,
    tensor.dtype,
    tensor.shape.join("x"),
    tensor.parameters,
    tensor.bytes,
    snapshot.files[tensor.file]?.name,
    tensor.offset,
    ...figures(find(index)),
  ]);
  return csvText([header, ...lines]);
}
