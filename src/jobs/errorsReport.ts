import { ErrorSums, type ErrorTotals } from "../core/measure/errorSums";
import { UsageError } from "../core/errors";
import { findScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";
import { countValues, type TensorInfo } from "../core/tensor/tensorInfo";
import type { ErrorsReport } from "./contract";
import { outSlots } from "./tasks/workspace";
import { errorFigures, pooledFigures, usedScheme } from "./usedScheme";

/** @throws UsageError `unknown-type`, `no-types`, `too-many-types` */
export function findSchemes(types: readonly string[]): Scheme[] {
  if (types.length === 0) throw new UsageError("no-types", "Name at least one quantization type");
  if (types.length > outSlots) throw new UsageError("too-many-types", `At most ${outSlots} types can be compared at once`);
  return [...new Map(types.map(findScheme).map((scheme) => [scheme.id, scheme])).values()];
}

/**
 * Figures of each tensor, and over all values of all tensors.
 *
 * @param totals of each tensor for each scheme
 */
export function errorsReport(
  tensors: readonly Pick<TensorInfo, "name" | "shape">[],
  schemes: readonly Scheme[],
  totals: readonly ErrorTotals[][],
): Pick<ErrorsReport, "tensors" | "total"> {
  const values = tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
  const rows = tensors.map((tensor, i) => errorsRow(tensor, schemes, totals[i]!));
  const total = schemes.map((asked, s) => {
    const sums = new ErrorSums();
    for (const row of totals) sums.add(row[s]!);
    const bytes = rows.reduce((sum, { types }) => sum + types[asked.id]!.bytes, 0);
    return [asked.id, pooledFigures(sums.state(), bytes, values)] as const;
  });
  return { tensors: rows, total: Object.fromEntries(total) };
}

/** The row of one tensor. @param totals for each scheme */
export function errorsRow({ name, shape }: Pick<TensorInfo, "name" | "shape">, schemes: readonly Scheme[], totals: readonly ErrorTotals[]) {
  const types = schemes.map((asked, s) => [asked.id, errorFigures(usedScheme(asked, shape), shape, totals[s]!)] as const);
  return { name, shape: [...shape], types: Object.fromEntries(types) };
}
