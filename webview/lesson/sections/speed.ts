import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { MatrixVectorReport } from "../../../src/jobs/contract";
import { lessonProtocol } from "../../../src/protocol/lesson";
import { button } from "../../ui/controls";
import { bytes, compact, fixed, percent, shape, significant } from "../../ui/format";
import { toDiagnostic } from "../../ui/hostConnection";
import { t } from "../../ui/l10n";
import { LessonElement } from "../lessonElement";
import { openTensorLink } from "../openTensorLink";

/** A measurement on the reader's machine: products of a real matrix with a vector, in float32 and in INT8. */
@customElement("qs-lesson-speed")
export class SpeedMeasurement extends LessonElement {
  @state() private measured: { report: MatrixVectorReport; revision: number } | undefined;
  @state() private failure: string | undefined;
  @state() private isRunning = false;

  override render(): TemplateResult | typeof nothing {
    const { store, measured } = this;
    const { tensor } = store;
    if (!tensor) return nothing;
    const report = measured?.revision === store.revision ? measured.report : undefined;
    return html`<figure class="fig measure prose-width">
      <div class="fig-head">
        <h3>${t("Measured on this machine")}</h3>
        <span class="grow"></span>
        ${openTensorLink(store)}
        ${button({
          label: this.isRunning ? t("Measuring…") : t("Measure"),
          disabled: this.isRunning,
          onClick: () => void this.measure(tensor.index),
        })}
      </div>
      ${this.failure === undefined ? nothing : html`<p role="alert">${this.failure}</p>`}
      <div role="status">${report ? renderReport(report, tensor.name) : nothing}</div>
      <figcaption>
        ${t("Multiplies {0} with a vector, in plain loops of one thread of this extension: no GPU, no tuned kernels, no model. It shows the bytes that are moved and what integers do to the time here, not how fast a model runs.", tensor.name)}
      </figcaption>
    </figure>`;
  }

  private async measure(tensor: number): Promise<void> {
    if (this.isRunning) return;
    const { store } = this;
    const { revision } = store;
    this.isRunning = true;
    this.failure = undefined;
    try {
      this.measured = { report: await store.host.request(lessonProtocol.matrixVector, { tensor }), revision };
    } catch (error) {
      this.failure = toDiagnostic(error).message;
    }
    this.isRunning = false;
  }
}

function renderReport(report: MatrixVectorReport, name: string): TemplateResult {
  const rows: [string, number, number][] = [
    [t("float32"), report.float32Bytes, report.float32Ms],
    ["INT8", report.int8Bytes, report.int8Ms],
  ];
  return html`<table class="facts" aria-label=${t("Products of {0} with a vector", name)}>
      <thead>
        <tr>
          <th scope="col">${shape([report.rows, report.columns])}</th>
          <th scope="col" class="num">${t("Bytes moved")}</th>
          <th scope="col" class="num">${t("Time")}</th>
          <th scope="col" class="num">${t("Weights per second")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([label, size, time]) =>
            html`<tr>
              <th scope="row">${label}</th>
              <td class="num">${bytes(size)}</td>
              <td class="num">${significant(time)} ms</td>
              <td class="num">${compact((report.rows * report.columns) / (time / 1000))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="xs muted fig-note">
      ${t("INT8 moves {0}× fewer bytes and takes {1} of the time; its result differs by {2}.", fixed(report.float32Bytes / report.int8Bytes, 2), percent(report.int8Ms / report.float32Ms), percent(report.relativeRmse))}
    </p>`;
}
