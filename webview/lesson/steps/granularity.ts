import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { LessonTensor } from "../../../src/protocol/lesson";
import { lessonFigureProtocol, type RangeErrors, type SchemeError } from "../../../src/protocol/lessonFigures";
import { rangeOptions } from "../../editor/histogram/schemeControls";
import { count, fixed, percent } from "../../ui/format";
import { t } from "../../ui/l10n";
import { FigureLoader } from "../figureLoader";
import "../figures/groupFigure";
import { openTensorLink } from "../openTensorLink";
import { prose } from "../prose";
import { tableBox } from "../tableBox";
import { codesControls } from "./codesControls";
import type { LessonPart } from "../lessonPart";
import { TensorStep } from "./tensorStep";

/** Step 5: what shares a range, and how a range for all is chosen. */
@customElement("qs-step-granularity")
export class GranularityStep extends TensorStep {
  private readonly loader = new FigureLoader(lessonFigureProtocol.rangeErrors, () => this.requestUpdate());

  protected override renderStep(tensor: LessonTensor): TemplateResult {
    const { store, loader } = this;
    const { bits, symmetric } = store.choices;
    loader.want(store.host, { tensor: tensor.index, bits, symmetric }, store.revision);
    const { shown } = loader;
    if (!shown) return this.pending(loader) ?? html``;
    const isNew = shown.bits === bits && shown.symmetric === symmetric;
    const stored = shown.symmetric
      ? t("{0}, symmetric {1}-bit codes with an FP16 scale for each range.", tensor.name, count(shown.bits))
      : t("{0}, asymmetric {1}-bit codes with an FP16 scale and a zero-point for each range.", tensor.name, count(shown.bits));
    return html`${renderLead(shown)}
      <p class="row gap-3">${codesControls(store)}</p>
      <div aria-busy=${isNew ? "false" : "true"}>
        ${
          shown.groups.length === 0
            ? renderRanges(shown)
            : html`<qs-group-figure
                .groups=${shown.groups}
                .bits=${shown.bits}
                .controls=${openTensorLink(store)}
                .caption=${html`${renderRanges(shown)}
                  <figcaption>${stored}</figcaption>`}
              ></qs-group-figure>`
        }
      </div>
      ${renderCalibration(shown)}`;
  }
}

function renderLead({ bits, groups, methods }: RangeErrors): TemplateResult {
  const whole = methods.find(({ method }) => method === "minmax");
  const finest = groups[0];
  return html`<p class="lead">
      ${prose(t("One range for the whole tensor must reach its outermost weight. A range for every row, or for every few weights of a row, reaches only theirs: this is the **granularity**. The error falls, and each range stores a scale of its own."))}
    </p>
    ${
      whole && finest
        ? html`<p>
            ${t("With {0} bits, one range for all weights has an error of {1} of their RMS. Groups of {2} bring it to {3}, and cost {4} bits per weight in place of {5}.", count(bits), percent(whole.relativeRmse), count(finest.size), percent(finest.relativeRmse), fixed(finest.bitsPerWeight, 2), fixed(whole.bitsPerWeight, 2))}
          </p>`
        : nothing
    }`;
}

/** What chose the range, in the words of the other pages. */
function methodName(method: string): string {
  return rangeOptions("minmax").find(({ value }) => value === method)?.label ?? method;
}

function renderRanges({ methods, channel, groups }: RangeErrors): TemplateResult {
  const rows: { shared: string; method: string; error: SchemeError }[] = [
    ...methods.map((error) => ({ shared: t("the tensor"), method: error.method, error })),
    ...(channel ? [{ shared: t("every row"), method: "minmax", error: channel }] : []),
    ...[...groups].reverse().map((error) => ({ shared: t("{0} weights", count(error.size)), method: "minmax", error })),
  ];
  return tableBox(
    t("Ranges and their errors"),
    html`<table class="facts range-errors" aria-label=${t("Ranges and their errors")}>
      <thead>
        <tr>
          <th scope="col">${t("One range for")}</th>
          <th scope="col">${t("Chosen by")}</th>
          <th scope="col" class="num">${t("Bits per weight")}</th>
          <th scope="col" class="num">${t("Relative RMSE")}</th>
          <th scope="col" class="num">${t("SQNR")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ shared, method, error: { scheme, bitsPerWeight, relativeRmse, sqnrDb } }) =>
            html`<tr data-scheme=${scheme}>
              <th scope="row">${shared}</th>
              <td>${methodName(method)}</td>
              <td class="num">${fixed(bitsPerWeight, 3)}</td>
              <td class="num">${percent(relativeRmse)}</td>
              <td class="num">${t("{0} dB", fixed(sqnrDb, 1))}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

/** Whether clipping pays depends on bits and tensor: the sentence says what came out. */
function renderCalibration({ methods }: RangeErrors): TemplateResult {
  const whole = methods.find(({ method }) => method === "minmax");
  const chosen = methods.filter(({ method, relativeRmse }) => method !== "minmax" && relativeRmse !== null);
  const best = chosen.sort((a, b) => a.relativeRmse! - b.relativeRmse!)[0];
  const isBetter = whole?.relativeRmse && best && best.relativeRmse! < whole.relativeRmse;
  return html`<p>
    ${prose(t("**Calibration** chooses a range that need not hold everything: it clips the outermost values, and all others have finer steps. Weights are there to look at. For the activations of a layer the model has to run on some text first."))}
    ${
      !whole || !best
        ? nothing
        : isBetter
          ? t(
              "Here clipping pays: chosen by “{0}”, one range for the tensor has an error of {1}; that from the smallest weight to the largest has {2}.",
              methodName(best.method),
              percent(best.relativeRmse),
              percent(whole.relativeRmse),
            )
          : t(
              "Here clipping does not pay: one range from the smallest weight to the largest has an error of {0}, the best of the others {1}.",
              percent(whole.relativeRmse),
              percent(best.relativeRmse),
            )
    }
  </p>`;
}

export const granularityStep: LessonPart = {
  heading: () => t("Granularity and calibration"),
  render: (store) => html`<qs-step-granularity .store=${store}></qs-step-granularity>`,
};
