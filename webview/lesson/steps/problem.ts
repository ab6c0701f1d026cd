import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { lessonProtocol, type ModelSize } from "../../../src/protocol/lesson";
import { type DeviceFit, lessonFigureProtocol } from "../../../src/protocol/lessonFigures";
import { deviceFacts, deviceName, gibText } from "../../estimate/deviceText";
import { bytes, count } from "../../ui/format";
import { t } from "../../ui/l10n";
import { FigureLoader } from "../figureLoader";
import { sizeSquares } from "../figures/sizeSquares";
import { LessonElement } from "../lessonElement";
import { parametersInProse } from "../parametersInProse";
import { prose } from "../prose";
import { tableBox } from "../tableBox";
import type { LessonPart } from "../lessonPart";

/** Formats that are drawn and asked for, in order. */
const drawn = ["FP32", "FP16", "INT8", "INT4"];

/** Step 1: what a model takes, and what can hold it. */
@customElement("qs-step-problem")
export class ProblemStep extends LessonElement {
  private readonly sizes = new FigureLoader(lessonProtocol.sizes, () => this.requestUpdate());
  private readonly devices = new FigureLoader(lessonFigureProtocol.devices, () => this.requestUpdate());

  override render(): TemplateResult {
    const { store, sizes, devices } = this;
    const { parameters } = store.choices;
    sizes.want(store.host, { parameters });
    devices.want(store.host, { parameters });
    const failure = sizes.failure ?? devices.failure;
    const bytesOf = (type: string): TemplateResult => {
      const size = sizes.shown?.find((row) => row.type === type);
      return html`<span class="nowrap">${size ? bytes(size.bytes) : "…"}</span>`;
    };
    return html`<p class="lead">
        ${prose(
          t(
            "A model is mostly one long list of numbers, its weights. {0} of them take {1} with 32 bits each, and {2} with the 16 bits that most checkpoints store.",
          ),
          parametersInProse(parameters, (value) => store.choose({ parameters: value })),
          bytesOf("FP32"),
          bytesOf("FP16"),
        )}
      </p>
      ${devices.shown ? renderDevicesInWords(devices.shown) : nothing}
      ${failure === undefined ? nothing : html`<p role="alert">${failure}</p>`}
      <figure class="fig" aria-busy=${sizes.shown && devices.shown ? "false" : "true"}>
        ${sizes.shown && devices.shown ? renderFigure(sizes.shown, devices.shown) : html`<div class="bar"><i></i></div>`}
        <figcaption>
          ${t("Weights alone, and INT8 and INT4 as codes alone: real formats add their scales, a conversation its KV cache. GB is 10⁹ bytes, GiB is 2³⁰ bytes.")}
        </figcaption>
      </figure>
      <p>
        ${prose(t("**Quantization** stores small integers in their place. Fewer bits can tell fewer numbers apart, so each weight moves a little, and some of what the model knows may be lost. The next steps follow how little that can be made, on real weights."))}
      </p>`;
  }
}

function fitting(devices: readonly DeviceFit[], type: string): string {
  return count(devices.filter(({ types }) => types.includes(type)).length);
}

function renderDevicesInWords(devices: readonly DeviceFit[]): TemplateResult {
  return html`<p>
    ${t("Of the {0} devices below, {1} can hold these weights in FP16, {2} in INT8 and {3} in INT4.", count(devices.length), ...["FP16", "INT8", "INT4"].map((type) => fitting(devices, type)))}
  </p>`;
}

function renderFigure(sizes: readonly ModelSize[], devices: readonly DeviceFit[]): TemplateResult {
  return html`${sizeSquares(sizes, drawn)}
  ${tableBox(
    t("Where the weights fit"),
    html`<table class="facts device-fits" aria-label=${t("Where the weights fit")}>
      <thead>
        <tr>
          <th scope="col">${t("Device")}</th>
          <th scope="col">${t("Room for a model")}</th>
          ${drawn.map((type) => html`<th scope="col">${type}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${devices.map(
          (device) =>
            html`<tr>
              <th scope="row">${deviceName(device)}</th>
              <td title=${deviceFacts(device)}>${t("{0} of {1} GiB", gibText(device.usableGib), gibText(device.gib))}</td>
              ${drawn.map((type) => (device.types.includes(type) ? html`<td class="fits">${t("fits")}</td>` : html`<td class="muted">${t("too large")}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>`,
  )}`;
}

export const problemStep: LessonPart = {
  heading: () => t("The problem"),
  render: (store) => html`<qs-step-problem .store=${store}></qs-step-problem>`,
};
