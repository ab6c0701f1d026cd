import { html, type TemplateResult } from "lit";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import type { CalibrationStore } from "./store";

/** A button that shows figures as tables. */
export function tableToggle(store: CalibrationStore): TemplateResult {
  return html`<button
    type="button"
    class="icon-btn"
    aria-label=${t("Show as table")}
    title=${t("Show as table")}
    aria-pressed=${store.state.asTable ? "true" : "false"}
    @click=${() => store.set({ asTable: !store.state.asTable })}
  >
    ${icon("table")}
  </button>`;
}
