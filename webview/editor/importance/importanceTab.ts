import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Diagnostic } from "../../../src/core/errors";
import type { ImportanceReport, ImportanceRow } from "../../../src/core/calibrate/importanceFigures";
import { editorProtocol } from "../../../src/protocol/editor";
import { toDiagnostic } from "../../ui/hostConnection";
import { count, percent, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { emptyState, failedRequest, waitingBar } from "../requestState";
import { StoreElement } from "../storeElement";
import { importanceMap } from "./importanceMap";

/** Height of a drawing of channels, in its own units. */
const sparkHeight = 32;

/**
 * What an importance matrix covers: how often each weight was used, how many of its channels never were, and which matter most. All
 * entries in one map; the selected one in full.
 */
@customElement("qs-importance-tab")
export class ImportanceTab extends StoreElement {
  private report: ImportanceReport | undefined;
  private failure: Diagnostic | undefined;
  private revision: number | undefined;

  override render(): TemplateResult {
    const { store, report, failure } = this;
    if (failure) return failedRequest(store, t("The importance matrix could not be read"), failure);
    if (!report) return waitingBar(true);
    if (report.entries.length === 0) return emptyState(t("This importance matrix has no entries."));
    const selected = report.entries.find(({ name }) => name === store.selectedRow?.name);
    return html`<div class="importance">
      <p class="muted xs">${this.factsOf(report)}</p>
      ${selected ? this.renderEntry(selected) : html`<p class="muted">${t("Select a weight to see its channels.")}</p>`}
      ${importanceMap(report.entries, store.selectedRow?.name, (name) => {
        const index = store.snapshot?.tensors.findIndex((row) => row.name === name) ?? -1;
        if (index >= 0) store.select(index);
      })}
    </div>`;
  }

  protected override updated(): void {
    const { revision } = this.store;
    if (this.revision === revision) return;
    this.revision = revision;
    this.report = this.failure = undefined;
    void this.load(revision);
  }

  private async load(revision: number): Promise<void> {
    try {
      const report = await this.store.host.ask(editorProtocol.importance);
      if (this.revision === revision) this.report = report;
    } catch (error) {
      if (this.revision === revision) this.failure = toDiagnostic(error);
    }
    this.requestUpdate();
  }

  private factsOf({ entries, chunks, dataset }: ImportanceReport): string {
    const used = entries.filter(({ matricesUsed }) => matricesUsed > 0).length;
    return [
      t("{0} weights", count(entries.length)),
      ...(chunks === undefined ? [] : [t("{0} chunks of text", count(chunks))]),
      ...(dataset === undefined ? [] : [dataset]),
      used === entries.length ? t("all of them used") : t("{0} of them never used", count(entries.length - used)),
    ].join(" · ");
  }

  private renderEntry(entry: ImportanceRow): TemplateResult {
    const { columns, matrices, matricesUsed, uses, neverActive, mean, topShare, largest, blocks } = entry;
    const most = Math.max(...blocks);
    return html`<section class="fig" aria-label=${t("Importance of the channels")}>
      <div class="fig-head"><h3>${t("Importance of the channels")}</h3></div>
      ${
        most > 0
          ? html`<svg
              class="importance-spark"
              viewBox="0 0 ${blocks.length} ${sparkHeight}"
              preserveAspectRatio="none"
              role="img"
              aria-label=${t("Mean squares of {0} channels; the largest is {1}.", count(columns * matrices), significant(most))}
            >
              ${svg`<path d=${sparkOf(blocks, most)} />`}
            </svg>`
          : nothing
      }
      <p class="xs muted">${t("Largest mean square among neighbouring channels, first channel at the left.")}</p>
      <table class="facts">
        <tbody>
          ${fact(t("Columns"), count(columns))}
          ${matrices > 1 ? fact(t("Experts reached"), t("{0} of {1}", count(matricesUsed), count(matrices))) : nothing}
          ${fact(t("Sums divided by"), count(uses))} ${fact(t("Channels never active"), percent(neverActive))}
          ${fact(t("Mean of the mean squares"), significant(mean))}
          ${fact(t("Held by the largest hundredth of the channels"), percent(topShare))}
        </tbody>
      </table>
      <h4>${t("Largest channels")}</h4>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col" class="num">${t("Channel")}</th>
            <th scope="col" class="num">${t("Mean square")}</th>
            <th scope="col" class="num">${t("Times the mean")}</th>
          </tr>
        </thead>
        <tbody>
          ${largest.map(
            ({ channel, max }) =>
              html`<tr>
                <th scope="row" class="num">${count(channel)}</th>
                <td class="num">${significant(max)}</td>
                <td class="num">${mean > 0 ? significant(max / mean) : nothing}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }
}

function fact(name: string, value: string): TemplateResult {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${value}</td>
  </tr>`;
}

/** Bars from the bottom, the largest at the top. */
function sparkOf(blocks: readonly number[], most: number): string {
  const tops = blocks.map((value, block) => `L${block} ${(sparkHeight * (1 - value / most)).toFixed(2)}H${block + 1}`);
  return `M0 ${sparkHeight}${tops.join("")}V${sparkHeight}Z`;
}
