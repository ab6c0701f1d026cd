import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type PreflightPicture, preflightProtocol } from "../../src/protocol/preflight";
import { typeLabel } from "../charts/typeLabel";
import { announce } from "../ui/announcer";
import { button, textField } from "../ui/controls";
import { bytes, count, fixed, percent, setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";
import { icon } from "../ui/icons";
import { setStrings, t } from "../ui/l10n";
import { LightElement } from "../ui/lightElement";
import { segmented } from "../ui/segmented";
import "./preflightTable";
import { countKinds, fallbackBytes, type RowKind, shownRows } from "./rows";

/** The pre-flight page: what will be written, to the byte, and why. */
@customElement("qs-preflight")
export class PreflightPage extends LightElement {
  @property({ attribute: false }) host!: HostConnection;
  @state() private picture: PreflightPicture | undefined;
  @state() private failure: string | undefined;
  @state() private kind: RowKind = "all";
  @state() private filter = "";
  /** Which button was pressed: the page ends a moment later. */
  @state() private decided = false;

  async initialize(): Promise<void> {
    try {
      const picture = await this.host.ask(preflightProtocol.initialize);
      setLocale(picture.locale);
      setStrings(picture.strings);
      document.documentElement.lang = Object.keys(picture.strings).length > 0 ? picture.locale : "en";
      this.picture = picture;
    } catch (error) {
      this.failure = toDiagnostic(error).message;
    }
  }

  override render(): TemplateResult {
    const { picture } = this;
    if (this.failure !== undefined) {
      return html`<main class="preflight-page">
        <div class="state" role="alert"><p>${this.failure}</p></div>
      </main>`;
    }
    if (!picture) {
      return html`<main class="loading" aria-busy="true">
        <div class="bar"><i></i></div>
      </main>`;
    }
    return html`<main class="preflight-page">
      ${this.renderHeader(picture)} ${this.renderFindings(picture)} ${this.renderTools(picture)}
      <qs-preflight-table
        .rows=${picture.rows}
        .places=${shownRows(picture.rows, this.kind, this.filter)}
        @copy-cell=${(event: CustomEvent<string>) => this.ask(this.host.request(preflightProtocol.copy, { text: event.detail }))}
      ></qs-preflight-table>
    </main>`;
  }

  private renderHeader(picture: PreflightPicture): TemplateResult {
    const blocked = picture.refusal !== undefined || this.decided;
    return html`<header class="header">
      <h1>${t("{0} as {1}", picture.name, typeLabel(picture.type, picture.typeLabel ?? picture.type))}</h1>
      <ul class="facts-strip">
        <li title=${t("{0} bytes in all, exact", count(picture.bytes))}>${t("{0}, exact", bytes(picture.bytes))}</li>
        <li>${t("{0} bits/weight", fixed(picture.bitsPerWeight, 2))}</li>
        <li>${t("{0} of {1}", percent(picture.bytes / Math.max(1, picture.sourceBytes)), bytes(picture.sourceBytes))}</li>
        <li>${picture.freeBytes === undefined ? t("free disk space unknown") : t("{0} free on the disk", bytes(picture.freeBytes))}</li>
      </ul>
      <span class="grow"></span>
      ${button({ label: t("Copy as Markdown"), icon: "copy", className: "wide-only", onClick: () => this.copyMarkdown() })}
      ${button({ label: t("Cancel"), onClick: () => this.decide(false) })}
      ${button({ label: t("Write"), primary: true, disabled: blocked, onClick: () => blocked || this.decide(true) })}
    </header>`;
  }

  /** What stands in the way, what will be replaced, and where everything goes. */
  private renderFindings(picture: PreflightPicture): TemplateResult {
    const { rows, files, freeBytes } = picture;
    const kinds = countKinds(rows);
    const tooLarge = freeBytes !== undefined && freeBytes < picture.bytes;
    return html`<ul class="preflight-findings" tabindex="0" aria-label=${t("What to know before writing")}>
      ${picture.refusal === undefined ? nothing : finding("error", picture.refusal)}
      ${tooLarge ? finding("warning", t("The disk has too little room: {0} are free.", bytes(freeBytes))) : nothing}
      ${picture.replaced.map((path) => finding("warning", t("{0} is there already and will be replaced.", path)))}
      ${picture.notes.map((note) => finding("warning", note))} ${picture.facts.map((fact) => finding("info", fact))}
      ${kinds.fallback === 0 ? nothing : finding("info", fallbackText(kinds.fallback, bytes(fallbackBytes(rows))))}
      ${finding("info", t("Quantized: {0} tensors. Not quantized: {1}.", count(kinds.quantized), count(kinds.other)))}
      ${files.map(({ path, bytes: size }) => finding("info", t("{0}: {1} bytes", path, count(size))))}
    </ul>`;
  }

  private renderTools({ rows }: PreflightPicture): TemplateResult {
    const kinds = countKinds(rows);
    const labels: Record<RowKind, string> = {
      all: t("All"),
      quantized: t("Quantized"),
      other: t("Not quantized"),
      fallback: t("Fallbacks"),
    };
    return html`<div class="page-tools">
      ${segmented({
        label: t("Tensors"),
        value: this.kind,
        options: (Object.keys(labels) as RowKind[]).map((value) => ({ value, label: `${labels[value]} ${count(kinds[value])}` })),
        onSelect: (kind) => (this.kind = kind),
      })}
      <span class="grow"></span>
      ${textField({
        label: t("Filter tensors"),
        value: this.filter,
        placeholder: t("Filter tensors"),
        icon: "search",
        className: "preflight-filter",
        onInput: (filter) => (this.filter = filter),
      })}
    </div>`;
  }

  private decide(write: boolean): void {
    if (this.decided) return;
    this.decided = true;
    this.ask(this.host.request(preflightProtocol.decide, { write }));
  }

  private copyMarkdown(): void {
    this.ask(this.host.ask(preflightProtocol.copyMarkdown).then(() => announce(t("Copied."))));
  }

  private ask(work: Promise<unknown>): void {
    work.catch((error: unknown) => announce(toDiagnostic(error).message));
  }
}

function finding(severity: "error" | "warning" | "info", text: string): TemplateResult {
  return html`<li><span class="sev-${severity}">${icon(severity)}</span><span>${text}</span></li>`;
}

function fallbackText(tensors: number, extra: string): string {
  if (tensors === 1) return t("One tensor gets another type, since its rows do not divide into blocks: {0} more.", extra);
  return t("{0} tensors get other types, since their rows do not divide into blocks: {1} more.", count(tensors), extra);
}
