import { html, type TemplateResult } from "lit";
import { t } from "../../../ui/l10n";
import type { LessonStore } from "../../store";
import type { LessonPart } from "../../lessonPart";
import "./bitLayout";
import "./groupSizes";
import "./recipeTable";

/** Section 8: what there is beyond one scheme for all weights. */
export const furtherSection: LessonPart = {
  heading: () => t("Going further"),
  render: (store: LessonStore): TemplateResult =>
    html`<h3 class="sub">${t("Grouped quantization")}</h3>
      <p>
        ${t("One scale for a whole tensor must reach its largest weight. One scale for every few weights reaches only theirs: the error falls, and the scales take bits of their own.")}
      </p>
      <qs-group-sizes .store=${store}></qs-group-sizes>
      <h3 class="sub">${t("Mixed precision")}</h3>
      <p>
        ${t("Not every tensor takes rounding equally well. Recipes such as llama.cpp’s Q4_K_M spend more bits on the output matrix and on half of the value and down projections, and keep norms in floating point.")}
      </p>
      <qs-recipe-table .store=${store}></qs-recipe-table>
      <h3 class="sub">${t("Dynamic quantization")}</h3>
      <p>
        ${t("Dynamic quantization is about activations: their ranges are computed while the model runs, token by token or batch by batch, usually at 8 bits. It needs no calibration, and costs a pass over the values; static ranges cost nothing at run time, and clip what calibration never saw.")}
      </p>
      <h3 class="sub">${t("Number formats")}</h3>
      <p>
        ${t("Floats spend some bits on an exponent, so that steps grow with the number; integers have even steps and need a scale. NF4 is a table of 16 levels, denser where weights are. Turn bits over and see.")}
      </p>
      <qs-bit-layout .store=${store}></qs-bit-layout>
      <p class="sources">
        ${t("Sources:")}
        <a href="https://arxiv.org/abs/1603.05279">XNOR-Net (Rastegari et al., 2016)</a>,
        <a href="https://arxiv.org/abs/2402.17764">BitNet b1.58 (Ma et al., 2024)</a>,
        <a href="https://arxiv.org/abs/2305.14314">QLoRA, NF4 (Dettmers et al., 2023)</a>,
        <a href="https://arxiv.org/abs/2209.05433">FP8 Formats (Micikevicius et al., 2022)</a>,
        <a href="https://arxiv.org/abs/2208.07339">LLM.int8() (Dettmers et al., 2022)</a>
      </p>`,
};
