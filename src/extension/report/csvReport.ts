import type { TensorStats } from "../../core/measure/reports";
import { percentileKeys, type ReportContent } from "./reportContent";

const figureColumns = ["finite", "nan", "inf", "zero", "min", "max", "mean", "std", "rms", "absMax", "kurtosis"] as const;

function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  // Spreadsheets run what starts like a formula; a name from a downloaded file must not become one.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

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
  return [header, ...lines].map((line) => line.map(field).join(",")).join("\r\n") + "\r\n";
}
