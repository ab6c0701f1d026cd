import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { PlaygroundReport, PlaygroundState } from "../../src/protocol/playground";
import type { FigureContent } from "../charts/beforeAfterFigure";
import { figureModel } from "../charts/figureModel";
import { schemeLabel } from "../editor/histogram/affineChoice";
import { binTable } from "../editor/histogram/binTable";
import { figureCsv, figureSummary, markersOf, zerosLabel } from "../editor/histogram/figureText";
import "../editor/histogram/figureView";
import type { FigureView } from "../editor/histogram/figureView";
import { metricTiles } from "../editor/histogram/metricTiles";
import { announce } from "../ui/announcer";
import { percent } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { segmented } from "../ui/segmented";
import { tableToggle } from "../ui/tableToggle";
import { methodNames } from "./calibrated";
import { detailsTable } from "./details";
import { PlaygroundElement } from "./playgroundElement";

/** The values before and after what is chosen, and how far they moved. */
@customElement("qs-playground-values")
export class ValuesPane extends PlaygroundElement {
  @query("qs-figure-view") private readonly view!: FigureView | null;
  @state() private asTable = false;
  private drawn: { key: readonly unknown[]; content: FigureContent } | undefined;
  private announced: PlaygroundReport | undefined;

  /** The figure as a PNG data URL; undefined while the table is shown. */
  toPng(): string | undefined {
    const { shown } = this.store.report;
    return shown && this.view?.toPng(`${this.store.tensorOf(shown.subject)?.name ?? t("Shaped values")} → ${this.labelOf(shown.report)}`);
  }

  /** The bins of the figure. */
  toCsv(): string | undefined {
    const { shown } = this.store.report;
    return shown && figureCsv(figureModel(shown.report.preview));
  }

  override render(): TemplateResult {
    const { report } = this.store;
    const { shown, failure } = report;
    if (failure)
      return html`<div class="state" role="alert">
        <h2>${t("The figures could not be made")}</h2>
        <p>${failure.message}</p>
      </div>`;
    if (!shown) return html`<div class="figure-placeholder" aria-busy="true"></div>`;
    const { preview } = shown.report;
    if (preview.beforeFigures.min === null) return html`<div class="state"><p>${t("This tensor holds no finite values.")}</p></div>`;
    const content = this.contentOf(shown.subject, shown.report);
    const { logScale } = this.store.state;
    return html`<figure class="fig" aria-busy=${report.isCurrent ? "false" : "true"}>
        <figcaption class="fig-head">
          <h2>${t("Values before and after")}</h2>
          ${preview.sampled ? html`<span class="pill">${t("sampled {0}", percent(preview.share))}</span>` : nothing}
          <span class="grow"></span>
          ${segmented({
            label: t("Count axis"),
            value: logScale ? "log" : "linear",
            options: [
              { value: "log", label: t("Log") },
              { value: "linear", label: t("Linear") },
            ],
            onSelect: (value) => this.store.set({ logScale: value === "log" }),
          })}
          ${tableToggle(this.asTable, (asTable) => (this.asTable = asTable))}
        </figcaption>
        ${
          this.asTable
            ? binTable(content.model)
            : html`<qs-figure-view .content=${content} .summary=${this.summary(shown.report)}></qs-figure-view>`
        }
      </figure>
      ${
        preview.errors.fallback === undefined
          ? nothing
          : html`<p class="note">
              <span class="sev-info">${icon("info")}</span>
              ${t("The shape of this tensor does not fit {0}; it would be stored as {1}, which is what is shown.", schemeLabel(preview.scheme, this.store.schemes), schemeLabel(preview.errors.fallback, this.store.schemes))}
            </p>`
      }
      ${metricTiles(preview)} ${detailsTable(shown.report, this.contextOf(shown.subject))}`;
  }

  protected override updated(): void {
    const { shown, isCurrent } = this.store.report;
    if (!shown || !isCurrent || shown.report === this.announced) return;
    const isFirst = this.announced === undefined;
    this.announced = shown.report;
    if (!isFirst && !shown.report.preview.sampled) announce(this.summary(shown.report));
  }

  private summary(report: PlaygroundReport): string {
    const values = report.shape.reduce((product, dimension) => product * dimension, 1);
    return figureSummary(report.preview, this.labelOf(report), values, this.store.state.logScale);
  }

  /** Shaped values are of no model. */
  private contextOf({ data }: PlaygroundState) {
    const { layer, perplexity } = this.store;
    return { layer, perplexity: data === "tensor" ? perplexity : undefined };
  }

  private labelOf({ preview, output }: PlaygroundReport): string {
    const scheme = schemeLabel(preview.errors.fallback ?? preview.scheme, this.store.schemes);
    return output ? `${methodNames[output.method]} ${scheme}` : scheme;
  }

  /** The same object for the same figure, so that it is not drawn again when something else changed. */
  private contentOf(subject: PlaygroundState, report: PlaygroundReport): FigureContent {
    const { logScale } = this.store.state;
    const key = [report, logScale];
    if (this.drawn && this.drawn.key.every((part, index) => part === key[index])) return this.drawn.content;
    const { preview } = report;
    const content: FigureContent = {
      model: figureModel(preview),
      logScale,
      markers: markersOf(preview, undefined),
      beforeLabel: t("before: {0}", this.store.tensorOf(subject)?.dtype ?? "F32"),
      afterLabel: t("after: {0}", this.labelOf(report)),
      zerosLabel: zerosLabel(preview),
      rmse: preview.errors.rmse,
    };
    this.drawn = { key, content };
    return content;
  }
}
