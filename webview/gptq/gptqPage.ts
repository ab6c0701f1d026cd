import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { gptqProtocol } from "../../src/protocol/gptq";
import { button } from "../ui/controls";
import { count } from "../ui/format";
import { t } from "../ui/l10n";
import { runBanner } from "../ui/runBanner";
import { pageState } from "../ui/pageState";
import "./figuresView";
import { GptqElement } from "./gptqElement";
import "./settingsView";

/** The GPTQ page: what GPTQ does to the outputs of one layer, by its settings. */
@customElement("qs-gptq")
export class GptqPage extends GptqElement {
  override render(): TemplateResult {
    const { store } = this;
    const waiting = pageState(store, "gptq-page");
    if (waiting) return waiting;
    return html`<main class="gptq-page">
      ${this.renderHeader()} ${this.renderProgress()} ${store.layer ? html`<qs-gptq-settings .store=${store}></qs-gptq-settings>` : nothing}
      ${
        store.hasFigures
          ? html`<div class="gptq-body" tabindex="0" role="region" aria-label=${t("Figures")}>
              <qs-gptq-figures .store=${store}></qs-gptq-figures>
            </div>`
          : this.renderEmpty()
      }
    </main>`;
  }

  private renderHeader(): TemplateResult {
    const { store } = this;
    const { layer, text } = store;
    const ask = gptqProtocol;
    return html`<header class="header">
      <h1>${t("GPTQ: {0}", store.name)}</h1>
      <div class="facts-strip">
        ${layer ? html`<span>${t("{0} outputs × {1} inputs", count(layer.rows), count(layer.columns))}</span>` : nothing}
        <span>${text.name}</span>
        ${
          text.tokens
            ? html`<span>
                ${t("{0} tokens to quantize with, {1} to judge on", count(text.tokens.calibration), count(text.tokens.heldOut))}
              </span>`
            : nothing
        }
      </div>
      <span class="grow"></span>
      ${
        layer
          ? button({ label: t("Show Weight"), className: "wide-only", onClick: () => store.ask(store.host.ask(ask.openTensor)) })
          : nothing
      }
      ${button({
        label: t("Other Text…"),
        primary: store.run.kind !== "running",
        onClick: () => store.ask(store.host.ask(ask.chooseText)),
      })}
    </header>`;
  }

  private renderProgress(): TemplateResult | typeof nothing {
    const { store } = this;
    const { run } = store;
    const isModel = run.kind === "running" && run.phase === "model";
    return runBanner(run, {
      label: isModel ? t("Running the model") : t("Quantizing the layer"),
      text: (share) => (isModel ? t("Running the model: {0}", share) : t("Quantizing the layer in many ways: {0}", share)),
      failed: (message) => t("Exploring failed: {0}", message),
      start: () => this.start(),
      cancel: () => store.ask(store.host.ask(gptqProtocol.cancel)),
    });
  }

  private start(): void {
    this.store.ask(this.store.host.ask(gptqProtocol.start));
  }

  private renderEmpty(): TemplateResult {
    const { run, text } = this.store;
    if (run.kind === "running") return html`<div class="state"><p>${t("The model is run as far as this layer.")}</p></div>`;
    return html`<div class="state">
      <h2>${t("Nothing is measured yet")}</h2>
      <p>
        ${t("The model is run on a text as far as one layer. That layer is quantized in many ways, and each is judged on activations it did not see.")}
      </p>
      ${run.kind === "none" ? button({ label: t("Run on {0}", text.name), onClick: () => this.start() }) : nothing}
    </div>`;
  }
}
