import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { lessonFigureProtocol } from "../../../../src/protocol/lessonFigures";
import { t } from "../../../ui/l10n";
import { FigureLoader } from "../../figureLoader";
import { NearElement } from "../../nearElement";
import { prose } from "../../prose";
import type { LessonPart } from "../../lessonPart";
import "./awqFigure";
import "./gptqFigure";

/** Section 6: what GPTQ and AWQ really do, watched on a model. */
@customElement("qs-lesson-beyond")
export class BeyondSection extends NearElement {
  private readonly loader = new FigureLoader(lessonFigureProtocol.layers, () => this.requestUpdate());

  override render(): TemplateResult {
    if (this.isNear) this.loader.want(this.store.host, {}, this.store.revision);
    const { shown, failure } = this.loader;
    const figure = (drawn: (layers: NonNullable<typeof shown>) => TemplateResult): TemplateResult => {
      if (failure !== undefined) return html`<p role="alert">${failure}</p>`;
      return shown ? drawn(shown) : html`<div class="bar"><i></i></div>`;
    };
    return html`<p>
        ${t("Rounding each weight to the nearest code is blind: it does not know what enters the layer. Two methods look at the inputs of a few hundred calibration tokens, and change what is rounded. Both figures run the quantizers of this product on your machine.")}
      </p>
      <p>
        <b>GPTQ</b>
        ${t("rounds one column at a time. After each it corrects the columns still to come, so that the outputs of the layer move as little as possible. It trains nothing and uses no gradients: all it needs is H = 2·X·Xᵀ of the inputs, the second derivative of the layer’s squared output error.")}
      </p>
      ${figure((layers) => html`<qs-gptq-figure .layers=${layers}></qs-gptq-figure>`)}
      <p>
        <b>AWQ</b>
        ${prose(t("gives every weight the same bits. It finds the input channels that see large activations, multiplies their weights by s = mean|x|{0} (balanced by the weights’ own size) before rounding, and divides what comes before the layer by the same factors. One search over α, by the error of the outputs, decides how strongly."), html`<sup>α</sup>`)}
      </p>
      ${figure((layers) => html`<qs-awq-figure .layers=${layers}></qs-awq-figure>`)}
      <p>
        ${t("Both go layer by layer. GPTQ inverts a matrix as wide as the layer’s inputs and then solves column by column; AWQ only tries some exponents, which usually takes less time. Which of the two keeps more depends on model, bits and text; they can be combined with clipping and with groups. Measure both: Quantize… offers them for every model that can be run.")}
      </p>
      <p class="sources">
        ${t("Sources:")} <a href="https://arxiv.org/abs/2210.17323">GPTQ (Frantar et al., 2022)</a>,
        <a href="https://arxiv.org/abs/2306.00978">AWQ (Lin et al., 2023)</a>
      </p>`;
  }
}

/** Section 6. */
export const beyondSection: LessonPart = {
  heading: () => t("Beyond rounding: GPTQ and AWQ"),
  render: (store) => html`<qs-lesson-beyond .store=${store}></qs-lesson-beyond>`,
};
