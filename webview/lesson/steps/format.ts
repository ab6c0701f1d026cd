import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { lessonProtocol, type LessonTensor, type ModelSize } from "../../../src/protocol/lesson";
import { type DeviceFit, lessonFigureProtocol, type SchemeError } from "../../../src/protocol/lessonFigures";
import { typeLabel } from "../../charts/typeLabel";
import "../../charts/typesView";
import type { TypesContent } from "../../charts/typesFigure";
import { deviceName, gibText } from "../../estimate/deviceText";
import { dropdown } from "../../ui/controls";
import { fixed, gibibytes, percent } from "../../ui/format";
import { t } from "../../ui/l10n";
import { tableToggle } from "../../ui/tableToggle";
import { FigureLoader } from "../figureLoader";
import { noRange } from "../noRange";
import { openTensorLink } from "../openTensorLink";
import { parametersInProse } from "../parametersInProse";
import { prose } from "../prose";
import { typeUse } from "../sections/typeUse";
import type { LessonPart } from "../lessonPart";
import { TensorStep } from "./tensorStep";

/** A type on the tensor, as the chart has it, with the size of the model in it. */
interface Candidate extends SchemeError {
  relativeRmse: number;
  size: ModelSize;
  name: string;
}

/** Step 6: bits against error of types that files really have, and the one to take for a model and a device. */
@customElement("qs-step-format")
export class FormatStep extends TensorStep {
  /** The type that the reader looks at; the one to take until then. */
  @state() private chosen: string | undefined;
  @state() private asTable = false;
  private readonly errors = new FigureLoader(lessonFigureProtocol.typeErrors, () => this.requestUpdate());
  private readonly sizes = new FigureLoader(lessonProtocol.sizes, () => this.requestUpdate());
  private readonly devices = new FigureLoader(lessonFigureProtocol.devices, () => this.requestUpdate());

  protected override renderStep(tensor: LessonTensor): TemplateResult {
    const { store } = this;
    const { parameters } = store.choices;
    this.errors.want(store.host, { tensor: tensor.index }, store.revision);
    this.sizes.want(store.host, { parameters });
    this.devices.want(store.host, { parameters });
    const waiting = this.pending(this.errors, this.sizes, this.devices);
    const [errors, sizes, devices] = [this.errors.shown, this.sizes.shown, this.devices.shown];
    if (waiting || !errors || !sizes || !devices) return waiting ?? html``;
    const candidates = candidatesOf(errors, sizes);
    // Errors are parts of the weights' size: of zeros there are none.
    if (candidates.length === 0) return noRange();
    const device = devices.find(({ id }) => id === store.choices.device) ?? devices[0];
    const fitting = device ? candidates.filter(({ size }) => device.types.includes(size.type)) : [];
    const best = fitting.sort((a, b) => a.relativeRmse - b.relativeRmse)[0];
    const looked = candidates.find(({ scheme }) => scheme === this.chosen) ?? best;
    return html`<p class="lead">
        ${t("A format is a choice of all that: bits, granularity, and how ranges are found. Each point is one that files really have, with its scales counted, measured on {0}. Fewer bits are to the left, less error is below.", tensor.name)}
      </p>
      ${this.renderQuestion(devices, device)} ${device ? renderAnswer(best, device) : nothing}
      <figure class="fig">
        <div class="fig-head">
          <h3>${t("Bits and error of types, {0}", tensor.name)}</h3>
          <span class="grow"></span>
          ${tableToggle(this.asTable, (chosen) => (this.asTable = chosen))} ${openTensorLink(store)}
        </div>
        <qs-types-view
          .content=${contentOf(candidates, looked)}
          .asTable=${this.asTable}
          @choose=${(event: CustomEvent<number>) => (this.chosen = candidates[event.detail]?.scheme)}
        ></qs-types-view>
        ${looked ? html`<p class="sentence sm" id="format-sentence" role="status">${sentenceOf(looked)}</p>` : nothing}
      </figure>
      <p>
        ${t("The error of weights is a hint, not a verdict: what counts is the output of the model, measured by perplexity or on your own task. And the room that is left has to hold the KV cache of a conversation and working memory.")}
      </p>`;
  }

  private renderQuestion(devices: readonly DeviceFit[], device: DeviceFit | undefined): TemplateResult {
    const { store } = this;
    return html`<p class="walk-question">
      ${prose(
        t("A model of {0} weights, to run on"),
        parametersInProse(store.choices.parameters, (value) => store.choose({ parameters: value })),
      )}
      ${dropdown({
        label: t("Device"),
        value: device?.id ?? "",
        options: devices.map((offered) => ({
          value: offered.id,
          label: t("{0}: {1} GiB", deviceName(offered), gibText(offered.usableGib)),
        })),
        onChange: (id) => store.choose({ device: id }),
      })}
    </p>`;
  }
}

/** Types of the tensor's errors of which the model's size is known, too. */
function candidatesOf(errors: readonly SchemeError[], sizes: readonly ModelSize[]): Candidate[] {
  return errors.flatMap((error) => {
    const size = sizes.find(({ type }) => type.toLowerCase() === error.scheme.toLowerCase());
    const { relativeRmse } = error;
    return size && relativeRmse !== null ? [{ ...error, relativeRmse, size, name: typeLabel(error.scheme, error.label) }] : [];
  });
}

function contentOf(candidates: readonly Candidate[], looked: Candidate | undefined): TypesContent {
  const chosen = candidates.findIndex(({ scheme }) => scheme === looked?.scheme);
  return {
    points: candidates.map(({ name, bitsPerWeight, relativeRmse }) => ({ label: name, bitsPerWeight, error: relativeRmse })),
    title: t("Relative RMSE"),
    chosen: chosen < 0 ? undefined : chosen,
  };
}

/** What to take: of the types that fit, the one with the least error on this tensor. */
function renderAnswer(best: Candidate | undefined, device: DeviceFit): TemplateResult {
  const room = gibText(device.usableGib);
  if (!best) {
    return html`<p>
      ${t("None of these types fits into {0} GiB: take a smaller model, a larger device, or keep a part of the weights outside of it.", room)}
    </p>`;
  }
  return html`<p>
    ${prose(t("Of the types that fit into {0} GiB, **{1}** has the least error on this tensor: {2}. Its weights take {3} and leave {4}.", room, best.name, percent(best.relativeRmse), gibibytes(best.size.bytes), gibibytes(device.usableGib * 2 ** 30 - best.size.bytes)))}
  </p>`;
}

function sentenceOf({ name, size, bitsPerWeight, relativeRmse }: Candidate): string {
  const facts = t(
    "{0}: {1} bits per weight, an error of {2} of the weights’ RMS; the model takes {3}.",
    name,
    fixed(bitsPerWeight, 2),
    percent(relativeRmse),
    gibibytes(size.bytes),
  );
  const use = typeUse(size.type);
  return use === "" ? facts : `${facts} ${t("Used for: {0}.", use)}`;
}

export const formatStep: LessonPart = {
  heading: () => t("Choosing a format"),
  render: (store) => html`<qs-step-format .store=${store}></qs-step-format>`,
};
