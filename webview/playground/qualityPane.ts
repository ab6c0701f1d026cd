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
import {
  describePoint,
  type Measure,
  placeOf,
  qualityContent,
  qualityCsv,
  qualityRows,
  type QualitySource,
  type QualityValue,
  writeMeasure,
} from "./qualityContent";

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
    return shown && qualityCsv(this.sourceOf(shown.report));
  }

  override render(): TemplateResult {
    const { quality } = this.store;
    const { shown, failure } = quality;
    return html`<figure class="fig" aria-busy=${quality.waiting ? "true" : "false"}>
      <figcaption class="fig-head">
        <h2>${t("Quality across bit widths")}</h2>
        ${shown && shown.report.share < 1 ? html`<span class="pill">${t("sampled {0}", percent(shown.report.share))}</span>` : nothing}
        <span class="grow"></span>
        ${segmented({
          label: t("Measure"),
          value: this.measure,
          options: measures(this.knowsOutputs),
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
    const { measure } = this;
    const source = this.sourceOf(report);
    const content = this.contentOf(source);
    return html`<qs-curves-view
      .content=${content}
      .summary=${this.summary(source)}
      .describe=${(point: NamedValue, curve: string | undefined) => describePoint(point, curve, measure)}
      @choose=${({ detail }: CustomEvent<QualityValue>) => this.store.set({ scheme: detail.scheme, method: detail.method })}
    ></qs-curves-view>`;
  }

  /** Whether anything is known of the outputs of the layer. */
  private get knowsOutputs(): boolean {
    return (this.store.layer?.curves.length ?? 0) > 0;
  }

  /** What is shown of what was chosen: that may not be known of these values. */
  private get measure(): Measure {
    const { measure } = this.store.state;
    return measure === "output" && !this.knowsOutputs ? "sqnr" : measure;
  }

  private sourceOf(report: QualityReport): QualitySource {
    const { layer, quality } = this.store;
    const isSame = quality.shown && this.store.tensorOf(quality.shown.subject)?.name === layer?.tensor;
    return { report, layer: isSame ? layer : undefined, here: this.here };
  }

  /** Of the same values as the curves: the place on them. */
  private get here(): PlaygroundReport | undefined {
    const { report, quality } = this.store;
    const [a, b] = [report.shown?.subject, quality.shown?.subject];
    if (!a || !b || a.data !== b.data) return undefined;
    const same = a.data === "shaped" ? JSON.stringify(a.shaped) === JSON.stringify(b.shaped) : a.tensor === b.tensor;
    return same ? report.shown?.report : undefined;
  }

  private summary(source: QualitySource): string {
    const { curves, types } = source.report;
    const { measure } = this;
    const what =
      measure === "output"
        ? t("Error of the layer’s outputs by GPTQ and AWQ, as a part of that by rounding, against bits per weight.")
        : t(
            "{0} against bits per weight for {1} affine methods and {2} types of fixed width.",
            measure === "sqnr" ? "SQNR" : t("Within 5 %"),
            String(curves.length),
            String(types.length),
          );
    const methods = measure !== "output" && source.layer ? source.layer.curves.filter(({ method }) => method !== "rtn") : [];
    const also = methods.length > 0 ? ` ${t("Also for GPTQ and AWQ.")}` : "";
    const place = placeOf(source);
    if (!place) return what + also;
    const here = t("What is chosen has {0} at {1} bits per weight.", writeMeasure(place, measure), fixed(place.figures.bitsPerWeight, 2));
    return `${what}${also} ${here}`;
  }

  private table(report: QualityReport): TemplateResult {
    const { knowsOutputs } = this;
    return html`<div class="table-scroll quality-table" tabindex="0" role="region" aria-label=${t("Quality across bit widths, as a table")}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">${t("Method")}</th>
            <th scope="col" class="num">${t("Bits per weight")}</th>
            <th scope="col" class="num">SQNR</th>
            <th scope="col" class="num">${t("Within 5 %")}</th>
            ${knowsOutputs ? html`<th scope="col" class="num">${t("Error of the outputs")}</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${qualityRows(this.sourceOf(report)).map(
            (row) =>
              html`<tr>
                <th scope="row">${row.name}</th>
                <td class="num">${fixed(row.figures.bitsPerWeight, 2)}</td>
                <td class="num">${writeMeasure(row, "sqnr")}</td>
                <td class="num">${writeMeasure(row, "within5")}</td>
                ${knowsOutputs ? html`<td class="num">${percent(row.output?.error)}</td>` : nothing}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** The same object for the same figure, so that it is not drawn again when something else changed. */
  private contentOf(source: QualitySource): CurvesContent {
    const { measure } = this;
    const key = [source.report, source.layer?.curves, source.here, measure];
    if (this.drawn && this.drawn.key.every((part, index) => part === key[index])) return this.drawn.content;
    const content = qualityContent(source, measure);
    this.drawn = { key, content };
    return content;
  }
}

function measures(knowsOutputs: boolean): { value: Measure; label: string; title: string }[] {
  return [
    { value: "sqnr", label: "SQNR", title: t("Signal to quantization noise ratio") },
    { value: "within5", label: t("Within 5 %"), title: t("Share of the weights that keep at least 95 % of their size") },
    ...(knowsOutputs
      ? [
          {
            value: "output" as const,
            label: t("Outputs"),
            title: t("Error of what the layer gives out, beside that by rounding to nearest"),
          },
        ]
      : []),
  ];
}
