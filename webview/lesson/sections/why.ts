import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { lessonProtocol, type ModelSize } from "../../../src/protocol/lesson";
import { bytes } from "../../ui/format";
import { t } from "../../ui/l10n";
import { FigureLoader } from "../figureLoader";
import { sizeSquares } from "../figures/sizeSquares";
import { LessonElement } from "../lessonElement";
import { parametersInProse } from "../parametersInProse";
import { prose } from "../prose";
import type { LessonPart } from "../lessonPart";

/** Formats that are drawn, in order. */
const drawn = ["FP32", "INT8", "INT4", "Q4_K"];

/** Section 1: the memory problem, in countable squares, and why quantization works. */
@customElement("qs-lesson-why")
export class WhySection extends LessonElement {
  @state() private parameters = 7e9;
  private readonly loader = new FigureLoader(lessonProtocol.sizes, () => this.requestUpdate());

  override render(): TemplateResult {
    this.loader.want(this.store.host, { parameters: this.parameters });
    const sizes = this.loader.shown ?? [];
    const whole = sizes.find(({ type }) => type === "FP32");
    return html`<p>
        ${prose(
          t(
            "A model is mostly one long list of numbers. Stored in 32 bits each, {0} weights take {1}. In 8 bits they take a quarter of that, in 4 bits an eighth. Real formats add a little for their scales.",
          ),
          parametersInProse(this.parameters, (value) => (this.parameters = value)),
          html`<span class="nowrap">${whole ? bytes(whole.bytes) : "…"}</span>`,
        )}
      </p>
      ${this.loader.failure === undefined ? nothing : html`<p role="alert">${this.loader.failure}</p>`}
      ${sizes.length === 0 ? nothing : renderFigure(sizes)}
      <p>
        ${prose(t("That this works at all has three reasons. Trained networks are **redundant**: many weights can move a little before the output changes. Most weights lie in a narrow **range**, so few levels cover them; the few **outliers** beyond it can matter most, so how the range is chosen decides. And **activations** tell which weights matter: methods such as AWQ protect the input channels that carry large ones, and give every weight the same bits."))}
      </p>
      <p class="sources">
        ${t("Sources:")}
        <a href="https://arxiv.org/abs/2208.07339">LLM.int8() (Dettmers et al., 2022)</a>,
        <a href="https://arxiv.org/abs/2306.00978">AWQ (Lin et al., 2023)</a>
      </p>`;
  }
}

function renderFigure(sizes: readonly ModelSize[]): TemplateResult {
  return html`<figure class="fig wide">
    ${sizeSquares(sizes, drawn)}
    <figcaption>${t("Drag the number in the text to change the model. GB is 10⁹ bytes, GiB is 2³⁰ bytes.")}</figcaption>
  </figure>`;
}

export const whySection: LessonPart = {
  heading: () => t("Why quantization matters"),
  render: (store) => html`<qs-lesson-why .store=${store}></qs-lesson-why>`,
};
