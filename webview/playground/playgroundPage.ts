import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { type PlaygroundLinkKind, playgroundProtocol } from "../../src/protocol/playground";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import "../ui/menu";
import { pageState } from "../ui/pageState";
import { dataControls } from "./dataControls";
import { detailsCsv } from "./details";
import { methodControls } from "./methodControls";
import { PlaygroundElement } from "./playgroundElement";
import "./perplexityPane";
import "./qualityPane";
import type { QualityPane } from "./qualityPane";
import { sizeControls } from "./sizeControls";
import type { PlaygroundStore } from "./store";
import "./valuesPane";
import type { ValuesPane } from "./valuesPane";

/** The Playground: what is chosen on the left, what it does in the middle, where that stands among all else on the right. */
@customElement("qs-playground")
export class PlaygroundPage extends PlaygroundElement {
  @query("qs-playground-values") private readonly values!: ValuesPane | null;
  @query("qs-playground-quality") private readonly quality!: QualityPane | null;

  override render(): TemplateResult {
    const { store } = this;
    const waiting = pageState(store, "playground-page");
    if (waiting) return waiting;
    return html`<main class="playground-page" aria-label=${t("Quantization playground")}>
      <aside class="settings" aria-label=${t("Settings")}>
        <h1>${t("Playground")}</h1>
        ${dataControls(store)} ${methodControls(store)} ${sizeControls(store)}
        <div class="group buttons">
          <qs-menu icon="copy" .label=${t("Copy link…")} .items=${() => linksOf(store)}></qs-menu>
          <qs-menu icon="export" .label=${t("Export…")} .items=${() => this.exports()}></qs-menu>
          <button type="button" class="icon-btn" aria-label=${t("Reset")} title=${t("Reset")} @click=${() => store.reset()}>
            ${icon("refresh")}
          </button>
        </div>
        <p class="group tips xs muted">
          ${t("Drag the bits and watch the error; compare methods at the same bits per weight. More bits mean less error and a larger model: 8 are the usual choice where memory allows.")}
        </p>
      </aside>
      <section class="values" aria-label=${t("Values")}><qs-playground-values .store=${store}></qs-playground-values></section>
      <section class="quality" aria-label=${t("Quality")}>
        <qs-playground-quality .store=${store}></qs-playground-quality>
        <qs-playground-perplexity .store=${store}></qs-playground-perplexity>
      </section>
    </main>`;
  }

  private exports() {
    const { store } = this;
    const { shown } = store.report;
    const base = `${store.tensor?.name ?? store.state.shaped.distribution}.${store.state.scheme}`;
    const text = (name: string, content: string | undefined): void => {
      if (content !== undefined) store.save(`${base}.${name}.csv`, { text: content });
    };
    return [
      { label: t("Values as PNG…"), run: () => store.save(`${base}.values.png`, { dataUrl: this.values?.toPng() }) },
      { label: t("Quality as PNG…"), run: () => store.save(`${base}.quality.png`, { dataUrl: this.quality?.toPng() }) },
      { label: t("Figures as CSV…"), run: () => text("figures", shown && detailsCsv(shown.report)) },
      { label: t("Values as CSV…"), run: () => text("values", this.values?.toCsv()) },
      { label: t("Quality as CSV…"), run: () => text("quality", this.quality?.toCsv()) },
    ];
  }
}

function linksOf(store: PlaygroundStore) {
  const copy = (kind: PlaygroundLinkKind): void =>
    store.askFor(store.host.request(playgroundProtocol.copyLink, { state: store.state, kind }), t("The link is copied."));
  return [
    { label: t("For Markdown and notebooks in VS Code"), run: () => copy("command") },
    { label: t("For browsers and mails"), run: () => copy("web") },
  ];
}
