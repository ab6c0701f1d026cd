import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { PreviewReport } from "../../../src/jobs/contract";
import type { TensorRow } from "../../../src/protocol/editor";
import type { FigureContent } from "../../charts/beforeAfterFigure";
import { type FigureModel, figureModel } from "../../charts/figureModel";
import { announce } from "../../ui/announcer";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { segmented } from "../../ui/segmented";
import { figureHead } from "../figureHead";
import { failedRequest, hasValues, noValues, waitingBar } from "../requestState";
import { StoreElement } from "../storeElement";
import { schemeLabel } from "./affineChoice";
import { beforeAfterTable } from "./beforeAfterTable";
import { binTable } from "./binTable";
import { figureCsv, figureSummary, markersOf, zerosLabel } from "./figureText";
import type { FigureView } from "./figureView";
import { metricTiles } from "./metricTiles";
import { noFiniteValues, notFiniteNotes } from "./notFinite";
import { PreviewLoader, type ShownPreview } from "./previewLoader";
import { schemeControls } from "./schemeControls";
import "./figureView";

function note(severity: "info" | "warning", text: string): TemplateResult {
  return html`<p class="note"><span class="sev-${severity}">${icon(severity)}</span> ${text}</p>`;
}

/** What quantization does to the values of the selected tensor, and whether it is much. */
@customElement("qs-histogram-tab")
export class HistogramTab extends StoreElement {
  @query("qs-figure-view") private readonly view!: FigureView | null;
  @state() private width = 562;
  private loader!: PreviewLoader;
  private drawn: { key: readonly unknown[]; content: FigureContent } | undefined;
  private announced: ShownPreview | undefined;
  private readonly resizing = new ResizeObserver(([entry]) => {
    if (entry) this.width = entry.contentRect.width;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.loader ??= new PreviewLoader(this.store.host, () => this.requestUpdate());
    // The element itself has no box.
    if (this.parentElement) this.resizing.observe(this.parentElement);
    this.storeChanged();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.loader.stop();
  }

  protected override storeChanged(): void {
    const { store } = this;
    if (hasValues(store.selectedRow) && !store.failure && store.selected !== undefined) {
      this.loader.want({ tensor: store.selected, scheme: store.state.scheme, bins: store.bins, revision: store.revision });
    } else this.loader.stop();
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { store } = this;
    const row = store.selectedRow;
    if (!hasValues(row)) return noValues(row);
    const { loader } = this;
    return html`${waitingBar(loader.waiting)}
      <div class="pane" role="group" aria-label=${t("Quantization")}>
        ${schemeControls({
          schemes: store.schemes,
          scheme: store.state.scheme,
          width: this.width,
          onChange: (scheme) => store.setState({ scheme }),
        })}
        ${loader.failure ? failedRequest(store, t("The histogram could not be made"), loader.failure) : nothing}
        ${loader.failure && loader.shown?.subject.tensor !== store.selected ? nothing : this.renderFigure(row)}
      </div>`;
  }

  private renderFigure(row: TensorRow): TemplateResult {
    const { loader, store } = this;
    const { shown } = loader;
    if (!shown) return html`<div class="figure-placeholder" aria-busy="true"></div>`;
    const { report } = shown;
    if (report.beforeFigures.min === null) return noFiniteValues(report.beforeFigures);
    const content = this.contentOf(shown);
    const label = this.schemeLabel(report.scheme);
    // A figure of this tensor stands until the next one; one of another tensor or content must not be mistaken for it.
    const stale = shown.subject.tensor !== store.selected || shown.subject.revision !== store.revision || loader.failure !== undefined;
    return html`<div class="figure ${stale ? "stale" : ""}" aria-busy=${loader.waiting ? "true" : "false"}>
      ${this.renderNotes(report)}
      <figure class="fig">
        ${this.renderHeading(report, content.model, row)}
        ${
          store.state.asTable
            ? binTable(content.model)
            : html`<qs-figure-view
                .content=${content}
                .summary=${figureSummary(report, label, row.parameters, store.state.logScale)}
              ></qs-figure-view>`
        }
      </figure>
      ${metricTiles(report)} ${beforeAfterTable(report)}
    </div>`;
  }

  private renderHeading(report: PreviewReport, model: FigureModel, row: TensorRow): TemplateResult {
    const { store } = this;
    const { asTable, logScale } = store.state;
    const controls = asTable
      ? nothing
      : segmented({
          label: t("Count axis"),
          value: logScale ? "log" : "linear",
          options: [
            { value: "log", label: t("Log") },
            { value: "linear", label: t("Linear") },
          ],
          onSelect: (value) => store.setState({ logScale: value === "log" }),
        });
    return figureHead(store, {
      title: t("Values before and after"),
      share: report.sampled ? report.share : 1,
      controls,
      fileName: `${row.name}.${report.scheme}`,
      toPng: () => this.view?.toPng(`${row.name}, ${row.dtype} → ${this.schemeLabel(report.scheme)}`),
      toCsv: () => figureCsv(model),
    });
  }

  /** What the reader must know before believing the figure. */
  private renderNotes(report: PreviewReport): TemplateResult {
    const { errors, scheme } = report;
    const label = this.schemeLabel(errors.fallback ?? scheme);
    return html`${errors.fallback === undefined ? nothing : note("info", t("The shape of this tensor does not fit {0}; it would be stored as {1}, which is what is shown.", this.schemeLabel(scheme), label))}
    ${notFiniteNotes(report, label).map((text) => note("warning", text))}`;
  }

  protected override updated(): void {
    const { shown } = this.loader;
    if (!shown || shown === this.announced) return;
    const isFirst = this.announced === undefined;
    this.announced = shown;
    // Only figures the user asked for by a control are said: selecting a tensor already says its row.
    if (!isFirst && this.loader.isCurrent && !shown.report.sampled && this.contains(document.activeElement)) {
      announce(
        figureSummary(
          shown.report,
          this.schemeLabel(shown.report.scheme),
          this.store.selectedRow?.parameters ?? 0,
          this.store.state.logScale,
        ),
      );
    }
  }

  /** The same object for the same figure, so that it is not drawn again when something else changed. */
  private contentOf(shown: ShownPreview): FigureContent {
    const { report } = shown;
    const { logScale } = this.store.state;
    const stats = shown.subject.tensor === this.store.selected ? this.loader.stats : undefined;
    const key = [report, stats, logScale];
    if (this.drawn && this.drawn.key.every((part, index) => part === key[index])) return this.drawn.content;
    const dtype = this.store.snapshot?.tensors[shown.subject.tensor]?.dtype ?? "";
    const content: FigureContent = {
      model: figureModel(report),
      logScale,
      markers: markersOf(report, stats),
      beforeLabel: t("before: {0}", dtype),
      afterLabel: t("after: {0}", this.schemeLabel(report.errors.fallback ?? report.scheme)),
      zerosLabel: zerosLabel(report),
      rmse: report.errors.rmse,
    };
    this.drawn = { key, content };
    return content;
  }

  private schemeLabel(scheme: string): string {
    return schemeLabel(scheme, this.store.schemes);
  }
}
