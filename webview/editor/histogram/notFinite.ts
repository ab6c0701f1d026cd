import type { TemplateResult } from "lit";
import type { PreviewReport, SummaryFigures } from "../../../src/jobs/contract";
import { count } from "../../ui/format";
import { t } from "../../ui/l10n";
import { emptyState } from "../requestState";

/** What is said in the place of a figure that has nothing to show. */
export function noFiniteValues({ nan, inf }: Pick<SummaryFigures, "nan" | "inf">): TemplateResult {
  return emptyState(t("This tensor holds no finite values: {0} are NaN, {1} are infinite.", count(nan), count(inf)));
}

/** Sentences about values that are not numbers, and about why error figures are missing; none where all is finite. */
export function notFiniteNotes({ beforeFigures: before, afterFigures: after, errors, sampled }: PreviewReport, scheme: string): string[] {
  const notes: string[] = [];
  // A sample does not count them.
  if (sampled) return notes;
  if (before.nan + before.inf > 0) {
    notes.push(
      t(
        "This tensor holds {0} NaN and {1} infinite values; the figure and all statistics are of the others.",
        count(before.nan),
        count(before.inf),
      ),
    );
  }
  const lost = after.nan + after.inf - before.nan - before.inf;
  const isMeasured = errors.rmse !== null && Number.isFinite(errors.rmse);
  if (!isMeasured && lost > 0) {
    notes.push(t("{0} would turn {1} finite weights into NaN or infinity, so there is no size of the error.", scheme, count(lost)));
  }
  return notes;
}
