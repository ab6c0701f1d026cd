import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type KnownPerplexity, playgroundProtocol } from "../../src/protocol/playground";
import type { NamedValue } from "../charts/curvesFigure";
import "../charts/curvesView";
import { typeLabel } from "../charts/typeLabel";
import { button } from "../ui/controls";
import { count, fixed } from "../ui/format";
import { t } from "../ui/l10n";
import { tableToggle } from "../ui/tableToggle";
import { perplexityContent, perplexityOf, type PerplexityValue, rowName, writePerplexity } from "./perplexityContent";
import { PlaygroundElement } from "./playgroundElement";

/** How well the whole model foresees a text in types, as far as that was measured, and a way to measure it. */
@customElement("qs-playground-perplexity")
export class PerplexityPane extends PlaygroundElement {
  @state() private asTable = false;
  private drawn: { key: readonly unknown[]; made: ReturnType<typeof perplexityContent> } | undefined;

  override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const { perplexity: known, report, tensor, notRun } = store;
    // Values that are no model's have none, and methods that need more than the values are measured on files.
    if (!tensor || notRun !== undefined || !report.shown || report.shown.report.output || store.calibrated) return nothing;
    const { type, label } = report.shown.report.measuredAs;
    const row = perplexityOf(known, type);
    return html`<figure class="fig perplexity">
      <figcaption class="fig-head">
        <h2>${t("Perplexity of the model")}</h2>
        <span class="grow"></span>
        ${known ? html`<span class="xs muted">${textOf(known)}</span> ${tableToggle(this.asTable, (asTable) => (this.asTable = asTable))}` : nothing}
      </figcaption>
      ${known && known.rows.length > 0 ? (this.asTable ? tableOf(known) : this.chart(known, type)) : nothing}
      ${
        row
          ? nothing
          : html`<p class="xs muted">${t("That of {0} is not measured: the whole model is run for it.", typeLabel(type, label))}</p>
              ${button({
                label: t("Measure perplexity…"),
                onClick: () =>
                  store.askFor(store.host.request(playgroundProtocol.measurePerplexity, { scheme: report.shown!.report.preview.scheme })),
              })}`
      }
    </figure>`;
  }

  private chart(known: KnownPerplexity, type: string): TemplateResult {
    const { content, left } = this.contentOf(known, type);
    const off = left.map((row) => `${rowName(row)} ${fixed(row.perplexity, 1)}`).join(", ");
    return html`<qs-curves-view
        .content=${content}
        .summary=${summaryOf(known, type)}
        .describe=${(point: NamedValue) => t("{0}: {1} at {2} bits per weight", point.label, fixed(point.y, 2), fixed(point.x, 2))}
        @choose=${({ detail }: CustomEvent<PerplexityValue>) => {
          if (detail.scheme !== undefined) this.store.set({ scheme: detail.scheme, method: "rtn" });
        }}
      ></qs-curves-view>
      ${off === "" ? nothing : html`<p class="xs muted">${t("Off the scale: {0}", off)}</p>`}`;
  }

  /** The same object for the same figure, so that it is not drawn again when something else changed. */
  private contentOf(known: KnownPerplexity, type: string): ReturnType<typeof perplexityContent> {
    const key = [known, type];
    if (!this.drawn?.key.every((part, index) => part === key[index])) this.drawn = { key, made: perplexityContent(known, type) };
    return this.drawn!.made;
  }
}

function textOf({ text, windows, length }: KnownPerplexity): string {
  return t("{0}, {1} × {2} tokens", text, count(windows), count(length));
}

function summaryOf(known: KnownPerplexity, type: string): string {
  const what = t(
    "Perplexity against bits per weight of {0} types; the original has {1}.",
    count(known.rows.length),
    fixed(known.original, 2),
  );
  const row = perplexityOf(known, type);
  return row ? `${what} ${t("{0} has {1}.", rowName(row), fixed(row.perplexity, 2))}` : what;
}

function tableOf(known: KnownPerplexity): TemplateResult {
  const rows = [...known.rows].sort((a, b) => a.bitsPerWeight - b.bitsPerWeight);
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("Perplexity of the model, as a table")}>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">${t("Type")}</th>
          <th scope="col" class="num">${t("Bits per weight")}</th>
          <th scope="col" class="num">${t("Perplexity")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${rowName(row)}</th>
              <td class="num">${fixed(row.bitsPerWeight, 2)}</td>
              <td class="num">${writePerplexity(row, known)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
