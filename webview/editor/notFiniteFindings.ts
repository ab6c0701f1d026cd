import type { Diagnostic } from "../../src/core/errors";
import type { TensorRow, TensorSummary } from "../../src/protocol/editor";
import { count } from "../ui/format";
import { t } from "../ui/l10n";

/** What a scan found beside figures: tensors with values that are not numbers, which no table row shows. */
export function notFiniteFindings(rows: readonly TensorRow[], summaries: readonly (TensorSummary | undefined)[]): Diagnostic[] {
  return summaries.flatMap((summary): Diagnostic[] => {
    const row = summary && rows[summary.index];
    if (!row || summary.nan + summary.inf === 0) return [];
    return [
      {
        severity: "warning",
        code: "tensor.not-finite",
        message: t('"{0}" holds values that are not finite', row.name),
        tensor: row.name,
        found: t("{0} NaN and {1} infinite of {2} values", count(summary.nan), count(summary.inf), count(row.parameters)),
        hint: t("A model with such weights usually computes NaN, and they cannot be quantized."),
      },
    ];
  });
}
