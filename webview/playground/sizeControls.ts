import { html, nothing, type TemplateResult } from "lit";
import { textField } from "../ui/controls";
import { bytes, compact, fixed, percent } from "../ui/format";
import { t } from "../ui/l10n";
import type { PlaygroundStore } from "./store";

/** What a model takes if all of its weights are stored so. */
export function sizeControls(store: PlaygroundStore): TemplateResult {
  const { shown } = store.report;
  return html`<div class="group">
    <h2>${t("Estimated size")}</h2>
    ${textField({
      label: t("Weights of the model"),
      className: "wide",
      value: store.state.model,
      placeholder: t("this checkpoint: {0}", compact(store.parameters)),
      onInput: (model) => store.set({ model: model.slice(0, 32) }),
    })}
    ${shown ? sizes(shown.report) : nothing}
  </div>`;
}

function sizes({ size }: NonNullable<PlaygroundStore["report"]["shown"]>["report"]): TemplateResult {
  if (!size) return html`<p class="xs" role="alert">${t("A number of weights, such as 7B, 350M or 6.74e9.")}</p>`;
  return html`<dl class="tiles">
    <div class="tile">
      <dt>${t("Now")}</dt>
      <dd>${bytes(size.bytes)}</dd>
      <dd class="ctx">${percentSaved(size.saved)}</dd>
    </div>
    <div class="tile">
      <dt>FP32</dt>
      <dd>${bytes(size.plainBytes)}</dd>
      ${size.times > 1 ? html`<dd class="ctx">${t("{0}× smaller", fixed(size.times, 2))}</dd>` : nothing}
    </div>
  </dl>`;
}

function percentSaved(saved: number): string {
  return saved >= 0 ? t("{0} saved", percent(saved)) : t("{0} more", percent(-saved));
}
