import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { perplexityProtocol } from "../../src/protocol/perplexity";
import "../charts/typesView";
import type { TypesView } from "../charts/typesView";
import { announce } from "../ui/announcer";
import { button } from "../ui/controls";
import { count } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { runProgress } from "../ui/runProgress";
import { pageState } from "../ui/pageState";
import { curveOf } from "./curve";
import { PerplexityElement } from "./perplexityElement";
import "./perplexityTable";
import "./tokensView";

/** The Perplexity page: how well a model foresees a text, and what that costs in fewer bits. */
@customElement("qs-perplexity")
export class PerplexityPage extends PerplexityElement {
  @query("qs-types-view") private readonly typesView!: TypesView | null;

  override render(): TemplateResult {
    const { store } = this;
    const waiting = pageState(store, "perplexity-page");
    if (waiting) return waiting;
    return html`<main class="perplexity-page">
      ${this.renderHeader()} ${this.renderProgress()}
      <div class="perplexity-body">
        <div class="perplexity-figures">
          ${this.renderCurve()}
          <qs-perplexity-table .store=${store}></qs-perplexity-table>
        </div>
        <qs-tokens .store=${store}></qs-tokens>
      </div>
    </main>`;
  }

  private renderHeader(): TemplateResult {
    const { store } = this;
    const { text } = store;
    const ask = perplexityProtocol;
    return html`<header class="header">
      <h1>${t("Perplexity: {0}", store.name)}</h1>
      <div class="facts-strip">
        ${
          text === undefined
            ? nothing
            : html`<span>${text.name}</span>
                <span title=${t("{0} tokens of each window are scored: those of its second half", count(text.scored))}>
                  ${t("{0} windows of {1} tokens", count(text.windows), count(text.length))}
                </span>
                <span>${text.isWhole ? t("whole text, exact") : t("≈ sampled: the first windows")}</span>`
        }
      </div>
      <span class="grow"></span>
      ${button({ label: t("Text…"), onClick: () => store.ask(store.host.ask(ask.chooseText)) })}
      ${button({ label: t("Types…"), onClick: () => store.ask(store.host.ask(ask.chooseTypes)) })}
      ${button({ label: t("Export…"), icon: "export", onClick: () => store.ask(store.host.ask(ask.export)) })}
    </header>`;
  }

  private renderProgress(): TemplateResult | typeof nothing {
    const { run } = this.store;
    if (run.kind === "none") {
      return html`<p class="banner">${t("Nothing is measured yet.")} ${this.measureButton(t("Measure"))}</p>`;
    }
    if (run.kind === "failed")
      return html`<p class="banner" role="alert">${t("Measuring failed: {0}", run.message)} ${this.measureButton(t("Try again"))}</p>`;
    if (run.kind === "cancelled")
      return html`<p class="banner">${t("Cancelled. What was measured is kept.")} ${this.measureButton(t("Continue"))}</p>`;
    if (run.kind !== "running") return nothing;
    return runProgress(run, {
      className: "page-progress",
      label: t("Measuring perplexity"),
      text: (share) => t("Measuring: {0}", share),
      cancel: () => this.store.ask(this.store.host.ask(perplexityProtocol.cancel)),
    });
  }

  private measureButton(label: string): TemplateResult {
    return button({ label, onClick: () => this.store.ask(this.store.host.ask(perplexityProtocol.measure)) });
  }

  /** The table below is its twin. */
  private renderCurve(): TemplateResult {
    const { store } = this;
    const { content, rows } = curveOf(store.rows, store.row);
    return html`<section class="fig" aria-label=${t("Perplexity against size")}>
      <div class="fig-head">
        <h2>${t("Perplexity against size")}</h2>
        <span class="grow"></span>
        <button type="button" class="icon-btn" aria-label=${t("Save as PNG…")} title=${t("Save as PNG…")} @click=${() => this.savePng()}>
          ${icon("export")}
        </button>
      </div>
      <qs-types-view
        .content=${content}
        @choose=${(event: CustomEvent<number>) => store.set({ row: rows[event.detail]!.id, start: store.state.start })}
      ></qs-types-view>
    </section>`;
  }

  private savePng(): void {
    const dataUrl = this.typesView?.toPng();
    if (dataUrl === undefined) return announce(t("There is no figure to save yet."));
    this.store.ask(
      this.store.host
        .request(perplexityProtocol.save, { name: `${this.store.name}.perplexity.png`, dataUrl })
        .then((saved) => saved && announce(t("Saved."))),
    );
  }
}
