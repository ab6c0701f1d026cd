import { html, type TemplateResult } from "lit";
import { icon } from "./icons";
import { t } from "./l10n";

/** A button that shows figures as tables. @param toggle is called with what is wanted */
export function tableToggle(asTable: boolean, toggle: (asTable: boolean) => void): TemplateResult {
  return html`<button
    type="button"
    class="icon-btn"
    aria-label=${t("Show as table")}
    title=${t("Show as table")}
    aria-pressed=${asTable ? "true" : "false"}
    @click=${() => toggle(!asTable)}
  >
    ${icon("table")}
  </button>`;
}
