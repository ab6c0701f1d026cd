import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { PreviewReport } from "../../../src/jobs/contract";
import { lessonProtocol, type LessonTensor } from "../../../src/protocol/lesson";
import type { FigureContent } from "../../charts/beforeAfterFigure";
import { figureModel } from "../../charts/figureModel";
import { beforeAfterTable } from "../../editor/histogram/beforeAfterTable";
import { binTable } from "../../editor/histogram/binTable";
import { figureSummary, zerosLabel } from "../../editor/histogram/figureText";
import "../../editor/histogram/figureView";
import { metricTiles } from "../../editor/histogram/metricTiles";
import { count, percent } from "../../ui/format";
import { t } from "../../ui/l10n";
import { tableToggle } from "../../ui/tableToggle";
import { bitsControl } from "../codeControls";
import { FigureLoader } from "../figureLoader";
import { LessonElement } from "../lessonElement";
import { openTensorLink } from "../openTensorLink";
import type { LessonPart } from "../lessonPart";

/** Bins of the figure: enough that each of 64 levels has one of its own. */
const bins = 256;

/** Section 4: the weights of a real tensor before and after, at a number of bits. */
@customElement("qs-lesson-distribution")
export class DistributionSection extends LessonElement {
  @state() private bits = 4;
  @state() private asTable = false;
  private readonly loader = new FigureLoader(lessonProtocol.preview, () => this.requestUpdate());
  private drawn: { report: PreviewReport; content: FigureContent } | undefined;

  override render(): TemplateResult {
    const { store, bits } = this;
    const { tensor } = store;
    if (!tensor) return html`<p>${t("This checkpoint has no matrices whose values can be read.")}</p>`;
    this.loader.want(store.host, { tensor: tensor.index, scheme: `int${bits}-asym-tensor`, bins }, store.revision);
    const { shown, failure } = this.loader;
    return html`<p>
        ${t("Do that to all {0} weights of the tensor, and what was spread over the range clumps on {1} levels. The more levels, the more of the outline stays; the detail within a step is lost.", count(tensor.parameters), count(2 ** bits))}
      </p>
      ${failure === undefined ? nothing : html`<p role="alert">${failure}</p>`}
      <figure class="fig wide" aria-busy=${shown?.scheme === `int${bits}-asym-tensor` ? "false" : "true"}>
        <div class="fig-head">
          <h3>${tensor.name}</h3>
          <span class="grow"></span>
          ${bitsControl(bits, (chosen) => (this.bits = chosen))} ${tableToggle(this.asTable, (asTable) => (this.asTable = asTable))}
          ${openTensorLink(store)}
        </div>
        ${shown ? this.renderFigure(shown, tensor) : html`<div class="bar"><i></i></div>`}
        <figcaption>
          ${t("The counts are on a log scale, because the tails hold few weights. Filled is before; spikes or the outline are after.")}
        </figcaption>
      </figure>
      ${shown ? this.renderMeaning(shown) : nothing}`;
  }

  private renderFigure(report: PreviewReport, tensor: LessonTensor): TemplateResult {
    const content = this.contentOf(report);
    return html`${
        this.asTable
          ? html`<div class="table-box">${binTable(content.model)}</div>`
          : html`<qs-figure-view
              .content=${content}
              .summary=${figureSummary(report, content.afterLabel, tensor.parameters, true)}
            ></qs-figure-view>`
      }
      ${metricTiles(report)}
      <div class="table-box">${beforeAfterTable(report)}</div>`;
  }

  private renderMeaning({ errors }: PreviewReport): TemplateResult {
    return html`<p>
      ${t("“Within 5 %” is the share of weights whose own value changed by at most 5 %, here {0}; a zero counts when it stays zero. It is not the accuracy of the model: small weights change by much of their size and matter little. What the model loses is measured on its outputs, by perplexity.", percent(errors.within5))}
    </p>`;
  }

  /** The same object for the same report, so that it is not drawn again when something else changed. */
  private contentOf(report: PreviewReport): FigureContent {
    if (this.drawn?.report === report) return this.drawn.content;
    const content: FigureContent = {
      model: figureModel(report),
      logScale: true,
      markers: [],
      beforeLabel: t("before"),
      afterLabel: report.scheme.split("-")[0]!.toUpperCase(),
      zerosLabel: zerosLabel(report),
      rmse: report.errors.rmse,
    };
    this.drawn = { report, content };
    return content;
  }
}

export const distributionSection: LessonPart = {
  heading: () => t("Weights before and after"),
  render: (store) => html`<qs-lesson-distribution .store=${store}></qs-lesson-distribution>`,
};
