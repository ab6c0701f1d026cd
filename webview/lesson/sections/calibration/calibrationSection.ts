import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import {
  type ActivationFigure,
  activationBits,
  type JudgedThreshold,
  lessonFigureProtocol,
  type MethodChoice,
} from "../../../../src/protocol/lessonFigures";
import { binsTable } from "../../../calibration/binsTable";
import { methodLabel } from "../../../calibration/figures";
import { type MethodRow, methodsTable } from "../../../calibration/methodsTable";
import { thresholdSentence } from "../../../calibration/thresholdFigures";
import "../../../calibration/thresholdPlot";
import type { LinesContent } from "../../../charts/linesFigure";
import "../../../charts/linesView";
import { count, significant } from "../../../ui/format";
import { t } from "../../../ui/l10n";
import { segmented } from "../../../ui/segmented";
import { tableToggle } from "../../../ui/tableToggle";
import { FigureLoader } from "../../figureLoader";
import { NearElement } from "../../nearElement";
import { sampleReasonText } from "../../sampleReasonText";
import type { LessonPart } from "../../lessonPart";

/** Whose threshold is shown until the reader moves it: it cuts something off. */
const firstMethod = "percentile";

/** Section 7: ranges for activations of a model, by four methods and by the reader. */
@customElement("qs-lesson-calibration")
export class CalibrationSection extends NearElement {
  @state() private bits: number = activationBits.at(-1)!;
  /** The reader's threshold. */
  @state() private dragged: number | undefined;
  @state() private asTable = false;
  private readonly loader = new FigureLoader(lessonFigureProtocol.activations, () => this.requestUpdate());
  private readonly own = new FigureLoader(lessonFigureProtocol.threshold, () => this.requestUpdate());

  override render(): TemplateResult {
    const { store, bits } = this;
    const { shown, failure } = this.loader;
    if (this.isNear) this.loader.want(store.host, { bits }, store.revision);
    if (this.dragged !== undefined && shown) {
      const threshold = Math.min(this.dragged, shown.histogram.max);
      this.own.want(store.host, { bits, threshold }, store.revision);
    }
    return html`<p>
        ${t("Activations have long tails. A wide range wastes codes on values that almost never come; a narrow one clips values that may matter. Calibration runs the model on text like that which it will see, usually some hundred samples, keeps a histogram of what enters each layer, and chooses. Drag the threshold and watch the trade.")}
      </p>
      ${
        failure === undefined
          ? shown
            ? this.renderFigure(shown)
            : html`<div class="bar"><i></i></div>`
          : html`<p role="alert">${failure}</p>`
      }
      <dl class="methods">
        <dt>${t("Min–max")}</dt>
        <dd>${t("takes everything that was seen: nothing is clipped, and one outlier makes all steps coarse.")}</dd>
        <dt>${t("Percentile")}</dt>
        <dd>${t("keeps a share of the magnitudes, here 99.99 %, whatever the rest costs.")}</dd>
        <dt>${t("MSE")}</dt>
        <dd>${t("looks for the least squared error, of clipping and of rounding together.")}</dd>
        <dt>${t("Entropy")}</dt>
        <dd>
          ${t("looks for the histogram that differs least from the original by Kullback-Leibler divergence. Made for 8-bit activations with long tails; it can clip large values that matter.")}
        </dd>
      </dl>
      <p>
        ${t("No method is best everywhere. For weights, the squared error or the plain range of small groups is usually the better choice; for activations look at the table, and at the outputs of the model.")}
      </p>
      <p class="sources">
        ${t("Sources:")} <a href="https://arxiv.org/abs/2004.09602">Integer Quantization (Wu et al., 2020)</a>,
        <a href="https://arxiv.org/abs/2208.07339">LLM.int8() (Dettmers et al., 2022)</a>
      </p>`;
  }

  private renderFigure(figure: ActivationFigure): TemplateResult {
    const { asTable } = this;
    const { histogram, methods, tensor, tokens, values } = figure;
    const first = methods.find(({ method }) => method === firstMethod);
    const threshold = Math.min(histogram.max, this.dragged ?? first?.threshold ?? histogram.max);
    const judged = this.dragged === undefined ? first : this.own.shown;
    const sentence = judged ? thresholdSentence(judged, { values }) : "";
    return html`<figure class="fig wide" aria-labelledby="calibration-title">
      <div class="fig-head">
        <h3 id="calibration-title">${t("What is kept and what is clipped")}</h3>
        <span class="grow"></span>
        ${segmented({
          label: t("Bits of an activation"),
          value: this.bits,
          options: activationBits.map((bits) => ({ value: bits as number, label: t("{0} bits", count(bits)) })),
          onSelect: (bits) => (this.bits = bits),
        })}
        ${tableToggle(asTable, (asTable) => (this.asTable = asTable))}
      </div>
      ${
        asTable
          ? binsTable(histogram)
          : html`<qs-threshold-plot
              .histogram=${histogram}
              .marks=${methods.map(({ method, threshold: value }) => ({ label: methodLabel(method), value })).sort((a, b) => a.value - b.value)}
              .threshold=${threshold}
              .valueText=${sentence}
              @drag-threshold=${(event: CustomEvent<number>) => (this.dragged = event.detail)}
            ></qs-threshold-plot>`
      }
      <p class="sentence sm" id="calibration-sentence">${sentence}</p>
      <qs-lines-view .content=${curves(figure, this.dragged)} .asTable=${asTable} .summary=${summaryOf(methods)}></qs-lines-view>
      ${renderMethods(figure, this.dragged === undefined ? undefined : this.own.shown)}
      <figcaption>
        ${t("Inputs of {0}: {1} values of {2} tokens of the calibration text. Errors are of the histogram.", tensor, count(values), count(tokens))}
        ${sampleReasonText(figure)}
        ${t("KL has no value where it is infinite, since the last bin that is kept is empty, and below the first range that the search looks at.")}
      </figcaption>
    </figure>`;
  }
}

/** What each threshold costs: two measures, each on a scale of its own. */
function curves({ curve, methods }: ActivationFigure, dragged: number | undefined): LinesContent {
  return {
    xs: curve.map((point) => point.threshold),
    xTitle: t("threshold T: the range is −T to T, as far as there are values"),
    writeX: (value) => significant(value),
    yTitle: t("MSE"),
    series: [
      { label: t("MSE"), values: curve.map(({ mse }) => mse), role: "error", write: (value) => significant(value) },
      {
        label: t("KL divergence, own scale"),
        values: curve.map(({ divergence }) => divergence),
        role: "after",
        dash: [5, 3],
        ownScale: true,
        write: (value) => significant(value),
      },
    ],
    markers: [
      ...(dragged === undefined ? [] : [{ label: t("Yours"), value: dragged }]),
      ...methods.map(({ method, threshold: value }) => ({ label: methodLabel(method), value })),
    ],
  };
}

function summaryOf(methods: readonly MethodChoice[]): string {
  const chosen = methods.map(({ method, threshold }) => `${methodLabel(method)} ${significant(threshold)}`).join(", ");
  return t("Mean squared error and Kullback-Leibler divergence against the threshold. The methods choose: {0}.", chosen);
}

function renderMethods({ methods }: ActivationFigure, own: JudgedThreshold | undefined): TemplateResult {
  const least = Math.min(...methods.map(({ mse }) => mse));
  const rows: MethodRow[] = [
    ...methods.map((figures) => ({ id: figures.method, label: methodLabel(figures.method), figures })),
    ...(own ? [{ id: "own", label: t("Yours"), figures: own }] : []),
  ];
  return methodsTable(rows, least, true);
}

/** Section 7. */
export const calibrationSection: LessonPart = {
  heading: () => t("Calibration: choosing the range"),
  render: (store) => html`<qs-lesson-calibration .store=${store}></qs-lesson-calibration>`,
};
