import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { perplexityProtocol } from "../../src/protocol/perplexity";
import "../charts/typesView";
import type { TypesView } from "../charts/typesView";
import { button } from "../ui/controls";
import { count } from "../ui/format";
import { t } from "../ui/l10n";
import { runBanner } from "../ui/runBanner";
import { savePngButton } from "../ui/savePngButton";
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
    const { store } = this;
    const start = (): void => store.ask(store.host.ask(perplexityProtocol.measure));
    if (store.run.kind === "none")
      return html`<p class="banner">${t("Nothing is measured yet.")} ${button({ label: t("Measure"), onClick: start })}</p>`;
    return runBanner(store.run, {
      label: t("Measuring perplexity"),
      start,
      cancel: () => store.ask(store.host.ask(perplexityProtocol.cancel)),
    });
  }

  /** The table below is its twin. */
  private renderCurve(): TemplateResult {
    const { store } = this;
    const { content, rows } = curveOf(store.rows, store.row);
    return html`<section class="fig" aria-label=${t("Perplexity against size")}>
      <div class="fig-head">
        <h2>${t("Perplexity against size")}</h2>
        <span class="grow"></span>
        ${savePngButton(store, {
          name: `${store.name}.perplexity.png`,
          draw: () => this.typesView?.toPng(),
          asTable: false,
          save: (file) => store.host.request(perplexityProtocol.save, file),
        })}
      </div>
      <qs-types-view
        .content=${content}
        @choose=${(event: CustomEvent<number>) => store.set({ row: rows[event.detail]!.id, start: store.state.start })}
      ></qs-types-view>
    </section>`;
  }
}
