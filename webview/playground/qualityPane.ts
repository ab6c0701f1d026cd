import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { PlaygroundReport, QualityReport } from "../../src/protocol/playground";
import type { CurvesContent, NamedValue } from "../charts/curvesFigure";
import "../charts/curvesView";
import type { CurvesView } from "../charts/curvesView";
import { fixed, percent } from "../ui/format";
import { t } from "../ui/l10n";
import { segmented } from "../ui/segmented";
import { tableToggle } from "../ui/tableToggle";
import { PlaygroundElement } from "./playgroundElement";
import { describePoint, qualityContent, qualityCsv, qualityRows, type QualityValue, writeMeasure } from "./qualityContent";

/** All methods at all widths on the same values, and where among them the reader stands. */
@customElement("qs-playground-quality")
export class QualityPane extends PlaygroundElement {
  @query("qs-curves-view") private readonly view!: CurvesView | null;
  @state() private asTable = false;
  private drawn: { key: readonly unknown[]; content: CurvesContent } | undefined;

  /** The chart as a PNG data URL; undefined while the table is shown. */
  toPng(): string | undefined {
    return this.view?.toPng(t("Quality across bit widths"));
  }

  toCsv(): string | undefined {
    const { shown } = this.store.quality;
    return shown && qualityCsv(shown.report);
  }

  override render(): TemplateResult {
    const { quality, state: chosen } = this.store;
    const { shown, failure } = quality;
    return html`<figure class="fig" aria-busy=${quality.waiting ? "true" : "false"}>
      <figcaption class="fig-head">
        <h2>${t("Quality across bit widths")}</h2>
        ${shown && shown.report.share < 1 ? html`<span class="pill">${t("sampled {0}", percent(shown.report.share))}</span>` : nothing}
        <span class="grow"></span>
        ${segmented({
          label: t("Measure"),
          value: chosen.measure,
          options: [
            { value: "sqnr", label: "SQNR", title: t("Signal to quantization noise ratio") },
            { value: "within5", label: t("Within 5 %"), title: t("Share of the weights that keep at least 95 % of their size") },
          ],
          onSelect: (measure) => this.store.set({ measure }),
        })}
        ${tableToggle(this.asTable, (asTable) => (this.asTable = asTable))}
      </figcaption>
      ${
        failure
          ? html`<p class="note" role="alert">${failure.message}</p>`
          : shown
            ? this.asTable
              ? this.table(shown.report)
              : this.chart(shown.report)
            : html`<div class="figure-placeholder"></div>`
      }
    </figure>`;
  }

  private chart(report: QualityReport): TemplateResult {
    const { measure } = this.store.state;
    const here = this.here;
    const content = this.contentOf(report, here);
    return html`<qs-curves-view
      .content=${content}
      .summary=${this.summary(report, here)}
      .describe=${(point: NamedValue, curve: string | undefined) => describePoint(point, curve, measure)}
      @choose=${({ detail }: CustomEvent<QualityValue>) => this.store.set({ scheme: detail.scheme })}
    ></qs-curves-view>`;
  }

  /** Of the same values as the curves: the place on them. */
  private get here(): PlaygroundReport | undefined {
    const { report, quality } = this.store;
    const [a, b] = [report.shown?.subject, quality.shown?.subject];
    if (!a || !b || a.data !== b.data) return undefined;
    const same = a.data === "shaped" ? JSON.stringify(a.shaped) === JSON.stringify(b.shaped) : a.tensor === b.tensor;
    return same ? report.shown?.report : undefined;
  }

  private summary({ curves, types }: QualityReport, here: PlaygroundReport | undefined): string {
    const { measure } = this.store.state;
    const what = t(
      "{0} against bits per weight for {1} affine methods and {2} types of fixed width.",
      measure === "sqnr" ? "SQNR" : t("Within 5 %"),
      String(curves.length),
      String(types.length),
    );
    if (!here) return what;
    const { errors } = here.preview;
    return `${what} ${t("What is chosen has {0} at {1} bits per weight.", writeMeasure(errors, measure), fixed(errors.bitsPerWeight, 2))}`;
  }

  private table(report: QualityReport): TemplateResult {
    return html`<div class="table-scroll quality-table" tabindex="0" role="region" aria-label=${t("Quality across bit widths, as a table")}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">${t("Method")}</th>
            <th scope="col" class="num">${t("Bits per weight")}</th>
            <th scope="col" class="num">SQNR</th>
            <th scope="col" class="num">${t("Within 5 %")}</th>
          </tr>
        </thead>
        <tbody>
          ${qualityRows(report).map(
            ({ method, point: { figures } }) =>
              html`<tr>
                <th scope="row">${method}</th>
                <td class="num">${fixed(figures.bitsPerWeight, 2)}</td>
                <td class="num">${writeMeasure(figures, "sqnr")}</td>
                <td class="num">${writeMeasure(figures, "within5")}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** The same object for the same figure, so that it is not drawn again when something else changed. */
  private contentOf(report: QualityReport, here: PlaygroundReport | undefined): CurvesContent {
    const { measure } = this.store.state;
    const key = [report, here, measure];
    if (this.drawn && this.drawn.key.every((part, index) => part === key[index])) return this.drawn.content;
    const content = qualityContent(report, here, measure);
    this.drawn = { key, content };
    return content;
  }
}
