import { html, nothing, type TemplateResult } from "lit";
import type { Diagnostic } from "../../src/core/errors";
import type { TensorRow } from "../../src/protocol/editor";
import { button } from "../ui/controls";
import { t } from "../ui/l10n";
import { diagnosticText, severityIcon } from "./diagnostics";
import type { EditorStore } from "./store";

/** What a pane says when its figures could not be made. */
export function failedRequest(store: EditorStore, title: string, diagnostic: Diagnostic): TemplateResult {
  return html`<div class="state" role="group" aria-label=${title}>
    ${severityIcon(diagnostic.severity)}
    <h3>${title}</h3>
    <p>${diagnostic.message}</p>
    ${diagnostic.hint === undefined ? nothing : html`<p>${diagnostic.hint}</p>`}
    ${button({ label: t("Copy details"), onClick: () => store.copy(diagnosticText(diagnostic)) })}
  </div>`;
}

/** Whether a tensor has values that can be shown. */
export function hasValues(row: TensorRow | undefined): row is TensorRow {
  return row !== undefined && row.decodable && row.parameters > 0;
}

/** What a pane says of a tensor without such. */
export function noValues(row: TensorRow | undefined): TemplateResult {
  if (!row) return emptyState(t("Select a tensor to see its values."));
  if (row.parameters === 0) return emptyState(t("This tensor holds no values."));
  if (row.unavailable === "truncated") return emptyState(t("The file ends before the last value of this tensor: it was cut short."));
  if (row.unavailable === "no-file") return emptyState(t("The file with the values of this tensor is missing or cannot be read."));
  return emptyState(t("Values of {0} are not yet decoded; names, shapes and sizes are exact.", row.dtype));
}

/** What a pane says when there is nothing to show, in one sentence. */
export function emptyState(text: string): TemplateResult {
  return html`<div class="state"><p>${text}</p></div>`;
}

/** The thin bar at the top of a pane that waits for its figures. It holds its place, so that nothing jumps. */
export function waitingBar(waiting: boolean): TemplateResult {
  return html`<div class="bar ${waiting ? "waiting" : ""}" aria-hidden="true"><i></i></div>`;
}
