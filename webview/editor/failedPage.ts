import { html, nothing, type TemplateResult } from "lit";
import type { Diagnostic } from "../../src/core/errors";
import { button } from "../ui/controls";
import { t } from "../ui/l10n";
import { diagnosticFacts, diagnosticText, severityIcon } from "./diagnostics";
import type { EditorStore } from "./store";

/** The whole page when there is nothing else to show: what the file is, what is missing, and what to do. */
export function failedPage(store: EditorStore, diagnostic: Diagnostic): TemplateResult {
  return html`<main class="failed" aria-labelledby="failed-title">
    ${severityIcon(diagnostic.severity)}
    <div>
      <h1 id="failed-title">${t("This checkpoint could not be opened")}</h1>
      <p class="failed-message">${diagnostic.message}</p>
      ${diagnostic.hint === undefined ? nothing : html`<p class="muted">${diagnostic.hint}</p>`}
      <dl class="failed-facts">
        ${diagnosticFacts(diagnostic).map(
          ({ name, value }) =>
            html`<dt>${name}</dt>
              <dd class="mono">${value}</dd>`,
        )}
      </dl>
      ${failedActions(store, diagnostic)}
    </div>
  </main>`;
}

/** The same in one row, above content that could be read before. */
export function failedBanner(store: EditorStore, diagnostic: Diagnostic): TemplateResult {
  return html`<div class="banner" role="alert">
    ${severityIcon(diagnostic.severity)}
    <p class="grow">${diagnostic.message} <span class="muted">${diagnostic.hint ?? t("Below is what was read before.")}</span></p>
    ${failedActions(store, diagnostic)}
  </div>`;
}

function failedActions(store: EditorStore, diagnostic: Diagnostic): TemplateResult {
  return html`<div class="failed-actions">
    ${button({ label: t("Reload"), icon: "refresh", primary: true, onClick: () => store.act("reload") })}
    ${button({ label: t("Open as text"), onClick: () => store.act("openAsText") })}
    ${button({ label: t("Copy details"), onClick: () => store.copy(diagnosticText(diagnostic)) })}
  </div>`;
}
