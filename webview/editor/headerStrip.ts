import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { CheckpointSnapshot } from "../../src/protocol/editor";
import { button } from "../ui/controls";
import { bytes, capitalized, compact, count, significant } from "../ui/format";
import { t } from "../ui/l10n";
import type { MenuItem } from "../ui/menu";
import { StoreElement } from "./storeElement";
import "../ui/menu";
import "./findings";

/** Weights beyond which the header writes them short. */
const longCount = 1e9;

/** The 40 px at the top: what this file is, what was found, and what can be done with it. */
@customElement("qs-header-strip")
export class HeaderStrip extends StoreElement {
  override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const { snapshot } = store;
    if (!snapshot) return nothing;
    return html`<header class="header">
      <h1 title=${snapshot.name}>${snapshot.name}</h1>
      <ul class="facts-strip">
        ${facts(snapshot).map(({ text, title }) => html`<li title=${title ?? ""}>${text}</li>`)}
      </ul>
      <span class="grow"></span>
      <qs-findings .store=${store}></qs-findings>
      ${this.renderScan()} ${this.wideActions().map(({ label, run }) => button({ label, className: "wide-only", onClick: run }))}
      <qs-menu .label=${t("More actions")} .items=${() => this.moreItems()}></qs-menu>
    </header>`;
  }

  private renderScan(): TemplateResult | typeof nothing {
    const { scan, marked, decodableCount } = this.store;
    if (decodableCount === 0) return nothing;
    if (scan.kind === "running") return button({ label: t("Cancel"), icon: "stop", onClick: () => this.store.cancelScan() });
    const label = marked.size === 0 ? t("Scan") : marked.size === 1 ? t("Scan 1 tensor") : t("Scan {0} tensors", count(marked.size));
    const { isScanned } = this.store;
    return button({ label, icon: "scan", primary: !isScanned, disabled: isScanned, onClick: () => this.store.startScan() });
  }

  /** Buttons where there is room for them, items of the menu elsewhere. */
  private wideActions(): MenuItem[] {
    const { store } = this;
    const errors: MenuItem = { label: t("Errors"), run: () => store.act("compareTypes") };
    const estimate: MenuItem = { label: t("Estimate"), run: () => store.act("estimate") };
    const quantize: MenuItem = { label: t("Quantize…"), run: () => store.act("quantize") };
    return store.decodableCount === 0 ? [estimate] : [errors, estimate, quantize];
  }

  private moreItems(): MenuItem[] {
    const { store } = this;
    const items: MenuItem[] = [
      { label: t("Export report"), run: () => store.act("exportReport") },
      { label: t("Open as text"), run: () => store.act("openAsText") },
      { label: t("Show log"), run: () => store.act("showLog") },
    ];
    return window.innerWidth <= 760 ? [...this.wideActions(), ...items] : items;
  }
}

interface Fact {
  text: string;
  title?: string;
}

/** The most telling facts first: a narrow header keeps only these. */
function facts(snapshot: CheckpointSnapshot): Fact[] {
  const [first, ...others] = snapshot.dtypes;
  const weights = snapshot.parameters >= longCount ? compact(snapshot.parameters) : count(snapshot.parameters);
  const out: Fact[] = [];
  if (snapshot.architecture !== undefined) out.push({ text: capitalized(snapshot.architecture), title: t("Architecture") });
  if (snapshot.parameters === 0) return [...out, { text: snapshot.formatLabel, title: t("File format") }];
  if (snapshot.parameters === 1) out.push({ text: t("1 weight") });
  else out.push({ text: t("{0} weights", weights), title: t("{0} weights", count(snapshot.parameters)) });
  out.push({ text: bytes(snapshot.bytes), title: t("{0} bytes of tensor data", count(snapshot.bytes)) });
  if (first) {
    const list = snapshot.dtypes.map((entry) => `${entry.dtype}: ${t("{0} weights", count(entry.parameters))}, ${bytes(entry.bytes)}`);
    out.push({ text: others.length === 0 ? first.dtype : `${first.dtype} +${others.length}`, title: list.join("\n") });
  }
  out.push({ text: t("{0} bits/weight", significant(snapshot.bitsPerWeight)), title: t("Stored bits per weight, scales included") });
  out.push({ text: snapshot.formatLabel, title: t("File format") });
  return out;
}
