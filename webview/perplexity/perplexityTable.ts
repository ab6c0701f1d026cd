import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { perplexityProtocol, type PerplexityRow } from "../../src/protocol/perplexity";
import { bytes, count, fixed, missing, percent } from "../ui/format";
import { t } from "../ui/l10n";
import { rowLabel } from "./curve";
import { PerplexityElement } from "./perplexityElement";

interface Column {
  label(): string;
  title?(): string;
  /** Null where there is no figure. */
  text(row: PerplexityRow): string | null;
  /** In full, for a tooltip and the clipboard. */
  full?(row: PerplexityRow): string | null;
  /** Depends on which windows were measured. */
  isMeasured?: boolean;
}

const change = (value: number): string => (value > 0 ? `+${fixed(value, 3)}` : fixed(value, 3));

const columns: readonly Column[] = [
  { label: () => t("Bits per weight"), text: ({ bitsPerWeight }) => (bitsPerWeight === null ? null : fixed(bitsPerWeight, 2)) },
  {
    label: () => t("Bytes"),
    text: (row) => (row.bytes === null ? null : bytes(row.bytes)),
    full: (row) => (row.bytes === null ? null : t("{0} bytes", count(row.bytes))),
  },
  {
    label: () => t("Perplexity"),
    text: ({ figures }) => figures && fixed(figures.perplexity, 2),
    full: ({ figures }) => figures && `${fixed(figures.perplexity, 4)} ± ${fixed(figures.standardError, 4)}`,
    isMeasured: true,
  },
  {
    label: () => "Δ",
    title: () => t("Perplexity less that of the original"),
    text: ({ answers }) => answers && change(answers.delta),
    isMeasured: true,
  },
  {
    label: () => t("KL divergence"),
    title: () => t("Mean Kullback-Leibler divergence of its answers from those of the original, in nats a token"),
    text: ({ answers }) => answers && fixed(answers.divergence.mean, 4),
    full: ({ answers }) =>
      answers &&
      t(
        "median {0}, 99 % below {1}, at most {2} nats",
        fixed(answers.divergence.median, 4),
        fixed(answers.divergence.percentile99, 3),
        fixed(answers.divergence.max, 2),
      ),
    isMeasured: true,
  },
  {
    label: () => t("Same top token"),
    title: () => t("Share of the tokens for which both find the same one most likely"),
    text: ({ answers }) => answers && percent(answers.sameTop),
    isMeasured: true,
  },
];

/** All models that are compared. A grid: one tab stop, the arrows choose the row that the text is shown for. */
@customElement("qs-perplexity-table")
export class PerplexityTableView extends PerplexityElement {
  override render(): TemplateResult {
    const { rows, row: chosen } = this.store;
    return html`<div
      class="table-scroll perplexity-table"
      role="grid"
      tabindex="0"
      aria-label=${t("Perplexity of each type")}
      aria-rowcount=${rows.length + 1}
      aria-activedescendant=${chosen ? rowId(rows.indexOf(chosen)) : nothing}
      aria-keyshortcuts="ArrowUp ArrowDown Home End"
      @keydown=${this.onKeyDown}
    >
      <table class="grid" role="presentation">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">${t("Type")}</th>
            ${columns.map(
              ({ label, title }) => html`<th role="columnheader" scope="col" class="num" title=${title?.() ?? nothing}>${label()}</th>`,
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${rows.map((row, index) => this.renderRow(row, index, row === chosen))}
        </tbody>
      </table>
    </div>`;
  }

  private renderRow(row: PerplexityRow, index: number, isChosen: boolean): TemplateResult {
    const sampled = this.store.isSampled(row);
    return html`<tr
      role="row"
      id=${rowId(index)}
      aria-selected=${isChosen ? "true" : "false"}
      class=${row.reason === undefined ? "" : "muted"}
      @click=${() => this.choose(row)}
    >
      <th role="rowheader" scope="row">
        ${rowLabel(row)} ${row.detail === undefined ? nothing : html`<span class="xs muted">${row.detail}</span>`}
      </th>
      ${
        row.reason === undefined
          ? columns.map(({ text, full, isMeasured }) => {
              const written = text(row);
              const mark = isMeasured && sampled && written !== null ? "≈" : "";
              return html`<td role="gridcell" class="num" title=${full?.(row) ?? nothing}>${mark}${written ?? missing}</td>`;
            })
          : html`<td role="gridcell" colspan=${columns.length} class="reason">${row.reason}</td>`
      }
    </tr>`;
  }

  private choose({ id }: PerplexityRow): void {
    this.store.set({ row: id });
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { rows, row } = this.store;
    const place = row ? rows.indexOf(row) : -1;
    const last = rows.length - 1;
    const moves: Record<string, number> = { ArrowDown: Math.min(last, place + 1), ArrowUp: Math.max(0, place - 1), Home: 0, End: last };
    const next = moves[event.key];
    if (next !== undefined && rows[next]) this.choose(rows[next]);
    else if (event.key === "c" && (event.ctrlKey || event.metaKey) && row) this.copy(row);
    else return;
    event.preventDefault();
  };

  private copy(row: PerplexityRow): void {
    const text = [rowLabel(row), ...columns.map((column) => column.full?.(row) ?? column.text(row) ?? "")].join("\t");
    this.store.ask(this.store.host.request(perplexityProtocol.copy, { text }));
  }
}

const rowId = (index: number): string => `model-${index}`;
