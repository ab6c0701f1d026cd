import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { CodingWay, MechanicsReport } from "../../../src/core/lesson/mechanics";
import { lessonProtocol, type LessonTensor } from "../../../src/protocol/lesson";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { exactNumber } from "../exactNumber";
import { FigureLoader } from "../figureLoader";
import { mechanicsFigure } from "../figures/mechanicsFigure";
import { mechanicsSteps, six } from "../figures/mechanicsSteps";
import { numberInProse } from "../numberInProse";
import { prose } from "../prose";
import { noRange } from "../noRange";
import { openTensorLink } from "../openTensorLink";
import { codesControls } from "./codesControls";
import type { LessonPart } from "../lessonPart";
import { TensorStep } from "./tensorStep";

/** Steps of the value to a range, when it is moved by keys. */
const keySteps = 100;

/** Step 3: the range of the tensor becomes a scale and a zero-point, and one of its weights a code. */
@customElement("qs-step-scale")
export class ScaleStep extends TensorStep {
  /** A value of the reader's; a weight of the tensor until then. */
  @state() private value: { of: number; value: number } | undefined;
  private readonly line = new FigureLoader(lessonProtocol.numberLine, () => this.requestUpdate());
  private readonly mechanics = new FigureLoader(lessonProtocol.mechanics, () => this.requestUpdate());

  protected override renderStep(tensor: LessonTensor): TemplateResult {
    const { store } = this;
    const { bits, symmetric } = store.choices;
    this.line.want(store.host, { tensor: tensor.index, bits, symmetric }, store.revision);
    const { shown: line } = this.line;
    if (!line) return this.pending(this.line) ?? html``;
    const { min: low, max: high } = line;
    if (low === high) return noRange();
    const value = this.value?.of === store.revision ? this.value.value : (line.weights[0]?.value ?? 0);
    this.mechanics.want(store.host, { low, high, bits, value });
    const report = this.mechanics.shown;
    const way = report?.ways.find((found) => found.symmetric === symmetric && found.signed === symmetric);
    if (!report || !way) return this.pending(this.mechanics) ?? html``;
    return html`${this.renderScale(report, way)} ${this.renderValue(report, way)}
      <figure class="fig wide">
        <div class="fig-head">
          <h3>${t("{0}, INT{1} per tensor", tensor.name, count(bits))}</h3>
          <span class="grow"></span>
          ${codesControls(store)} ${openTensorLink(store)}
        </div>
        ${mechanicsFigure(report, way, (chosen) => this.follow(chosen))}
        <figcaption>${t("Drag the number in the text, or click the ruler to follow another value.")}</figcaption>
      </figure>
      ${mechanicsSteps(report, way)}
      <p>
        ${t("Each further bit doubles the codes; it about halves the step, and with it the error of rounding. Change the bits and see.")}
      </p>`;
  }

  private renderScale({ bits }: MechanicsReport, way: CodingWay): TemplateResult {
    const codes = count(way.maxCode - way.minCode + 1);
    const sentence = way.symmetric
      ? t(
          "Codes of {0} bits divide the range. Symmetric ones use {1} of them, from {2} to {3}. The width of a step is the **scale**, here {4}. The **zero-point** is the code that stands for exact zero: of symmetric signed codes it is 0, so nothing has to be added.",
        )
      : t(
          "Codes of {0} bits divide the range: {1} of them, from {2} to {3}. The width of a step is the **scale**, here {4}. The **zero-point** is the code that stands for exact zero, here {5}: it is a whole number, so that zero stays zero.",
        );
    return html`<p class="lead">
      ${prose(sentence, count(bits), codes, count(way.minCode), count(way.maxCode), six(way.scale), count(way.zeroPoint))}
    </p>`;
  }

  private renderValue({ low, high, value }: MechanicsReport, way: CodingWay): TemplateResult {
    return html`<p>
      ${prose(
        t(
          "Nothing but the scale, and a zero-point where there is one, is stored beside the codes. Follow the value {0}: it becomes code {1}, which stands for {2} again. What is lost is {3}.",
        ),
        numberInProse({
          label: t("Value to follow"),
          value,
          text: exactNumber(value),
          range: { min: low, max: high, step: Number(((high - low) / keySteps).toPrecision(1)) },
          onChange: (next) => this.follow(next),
        }),
        count(way.codes.value),
        six(way.decoded),
        significant(Math.abs(way.error)),
      )}
    </p>`;
  }

  private follow(value: number): void {
    this.value = { of: this.store.revision, value };
  }
}

export const scaleStep: LessonPart = {
  heading: () => t("Scale and zero-point"),
  render: (store) => html`<qs-step-scale .store=${store}></qs-step-scale>`,
};
