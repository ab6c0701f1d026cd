import { html, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { LayerFigures } from "../../../../src/protocol/lessonFigures";
import type { LinesContent } from "../../../charts/linesFigure";
import "../../../charts/linesView";
import { announce } from "../../../ui/announcer";
import { count, fixed, percent, significant } from "../../../ui/format";
import { t } from "../../../ui/l10n";
import { LightElement } from "../../../ui/lightElement";
import { tableToggle } from "../../../ui/tableToggle";
import { fitted } from "../../fittedDrawing";
import { sampleReasonText } from "../../sampleReasonText";
import type { StepPlayer } from "../../stepPlayer";
import "../../stepPlayer";

/** Geometry, in pixels: the share of its place that a bar takes, the height of each half. */
const [widest, barShare, half] = [860, 0.77, 70];

/** AWQ's search: how much input channels are scaled at each exponent, and what it does to the outputs. */
@customElement("qs-awq-figure")
export class AwqFigureView extends LightElement {
  @property({ attribute: false }) layers!: LayerFigures;
  /** The place of the exponent; the best one until the reader moves. */
  @state() private moved: number | undefined;
  @state() private asTable = false;

  private get step(): number {
    const { ratios, best } = this.layers.awq;
    return Math.min(ratios.length - 1, this.moved ?? best);
  }

  override render(): TemplateResult {
    const { step, asTable, layers } = this;
    const { ratios, errors, best, roundingError, channels, columns, groupSize, bits } = layers.awq;
    const sentence = this.sentence();
    return html`<figure class="fig wide" aria-labelledby="awq-figure-title">
      <div class="fig-head">
        <h3 id="awq-figure-title">${t("AWQ, exponent by exponent")}</h3>
        <span class="grow"></span>
        <qs-step-player
          .step=${step}
          .last=${ratios.length - 1}
          .label=${t("Exponent α")}
          .text=${`α = ${fixed(ratios[step], 2)}`}
          @step=${(event: CustomEvent<number>) => this.show(event.detail, (event.target as StepPlayer).isPlaying)}
        ></qs-step-player>
        ${tableToggle(asTable, (asTable) => (this.asTable = asTable))}
      </div>
      ${asTable ? this.channelTable() : fitted(widest, (width) => this.bars(sentence, width))}
      <p class="sentence sm" id="awq-sentence">${sentence}</p>
      <qs-lines-view
        .content=${this.curve()}
        .asTable=${asTable}
        .summary=${t(
          "Relative squared error of the outputs by exponent: least at α = {0} with {1}; {2} without scaling.",
          fixed(ratios[best], 2),
          percent(errors[best]),
          percent(roundingError),
        )}
      ></qs-lines-view>
      <figcaption>
        ${t(
          "The {0} of {1} input channels of {2} with the largest inputs. {3} bits, groups of {4}; {5} of {6} tokens of the calibration text.",
          count(channels.length),
          count(columns),
          layers.awqTensor,
          count(bits),
          count(groupSize),
          count(layers.inputs),
          count(layers.tokens),
        )}
        ${sampleReasonText(layers)}
      </figcaption>
    </figure>`;
  }

  private show(step: number, isPlaying: boolean): void {
    this.moved = step;
    // Nobody can listen as fast as steps are played.
    if (!isPlaying) announce(this.sentence());
  }

  private sentence(): string {
    const { ratios, errors, channels, roundingError } = this.layers.awq;
    const { column, magnitude, scales } = channels[0]!;
    return t(
      "At α = {0} channel {1}, whose inputs are the largest (mean magnitude {2}), is multiplied by {3} before rounding; the outputs change by {4} of their energy, {5} without scaling.",
      fixed(ratios[this.step], 2),
      String(column),
      significant(magnitude),
      significant(scales[this.step]),
      percent(errors[this.step]),
      percent(roundingError),
    );
  }

  /** Above, the inputs' magnitudes; below, the factors on a logarithmic scale around 1. */
  private bars(sentence: string, width: number): TemplateResult {
    const { channels } = this.layers.awq;
    const { step } = this;
    const largest = channels[0]!.magnitude;
    const logs = channels.flatMap(({ scales }) => scales.map((scale) => Math.log2(scale)));
    const [up, down] = [Math.max(0, ...logs), Math.max(0, ...logs.map((log) => -log))];
    // Pixels of a doubling: both directions share the height of the lower half.
    const unit = half / Math.max(up + down, 1e-6);
    const barStep = width / channels.length;
    const barWidth = barShare * barStep;
    const middle = half + 26 + up * unit;
    return html`<svg
      class="chart awq-bars"
      width=${width}
      height=${2 * half + 30}
      viewBox="0 0 ${width} ${2 * half + 30}"
      role="img"
      aria-label=${sentence}
    >
      <text x="0" y="10">${t("mean |x| of the channel, up to {0}", significant(largest))}</text>
      ${channels.map(({ magnitude }, i) => {
        const height = ((half - 16) * magnitude) / largest;
        return svg`<rect class="awq-magnitude" x=${i * barStep} y=${half - height} width=${barWidth} height=${height} />`;
      })}
      <text x="0" y=${half + 18}>${t("factor of its weights, up to {0}", significant(2 ** up))}</text>
      <path class="c-axis" d="M0 ${middle}H${width}" />
      ${channels.map(({ scales }, i) => {
        const height = unit * Math.log2(scales[step]!);
        return svg`<rect class=${height >= 0 ? "awq-up" : "awq-down"} x=${i * barStep} y=${middle - Math.max(0, height)} width=${barWidth} height=${Math.abs(height)} />`;
      })}
    </svg>`;
  }

  private channelTable(): TemplateResult {
    const { channels } = this.layers.awq;
    return html`<div class="table-scroll lines-table" tabindex="0" role="region" aria-label=${t("Input channels")}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col" class="num">${t("Channel")}</th>
            <th scope="col" class="num">${t("Mean |x|")}</th>
            <th scope="col" class="num">${t("Factor")}</th>
          </tr>
        </thead>
        <tbody>
          ${channels.map(
            ({ column, magnitude, scales }) =>
              html`<tr>
                <th scope="row" class="num">${String(column)}</th>
                <td class="num">${significant(magnitude)}</td>
                <td class="num">${significant(scales[this.step])}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private curve(): LinesContent {
    const { ratios, errors, roundingError } = this.layers.awq;
    const write = (value: number | null): string => (value === null ? "" : percent(value / 100));
    return {
      xs: ratios,
      xTitle: "α",
      writeX: (value) => fixed(value, 2),
      yTitle: t("error of the outputs, %"),
      series: [
        { label: t("AWQ"), values: errors.map((error) => 100 * error), role: "after", write },
        { label: t("Without scaling"), values: errors.map(() => 100 * roundingError), role: "error", dash: [5, 3], write },
      ],
      markers: [{ label: t("now"), value: ratios[this.step]! }],
    };
  }
}
