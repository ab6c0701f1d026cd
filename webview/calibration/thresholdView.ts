import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { ThresholdFigures } from "../../src/core/calibrate/thresholds";
import type { CalibratedInput, InputDetail } from "../../src/protocol/calibration";
import "../charts/linesView";
import type { LinesContent } from "../charts/linesFigure";
import { textField } from "../ui/controls";
import { count, missing, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { tableToggle } from "../ui/tableToggle";
import { binsTable } from "./binsTable";
import { CalibrationElement } from "./calibrationElement";
import { methodLabel } from "./figures";
import { type MethodRow, methodsTable } from "./methodsTable";
import { saveLinesButton } from "./saveLinesButton";
import { thresholdSentence } from "./thresholdFigures";
import "./thresholdPlot";
import type { ThresholdMark } from "./thresholdPlot";

const onnxMethod = "onnx-entropy";

/** What is kept of the selected input and what is clipped, what each threshold costs, and what the methods chose. */
@customElement("qs-threshold-view")
export class ThresholdView extends CalibrationElement {
  override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const { detail, failure } = store.detail;
    const input = store.selected === undefined ? undefined : store.inputs[store.selected];
    if (!input) return nothing;
    if (failure) return html`<p class="state" role="alert">${failure.message}</p>`;
    if (!detail) return html`<div class="bar waiting" aria-hidden="true"><i></i></div>`;
    const threshold = Math.min(detail.histogram.max, store.dragged ?? input.absMax);
    const figures = store.dragged === undefined ? detail.marks["minmax"] : store.detail.figures;
    const sentence = figures ? thresholdSentence(figures, input) : "";
    return html`<section class="fig" aria-label=${t("What is kept and what is clipped")}>
        <div class="fig-head">
          <h3>${t("What is kept and what is clipped")}</h3>
          <span class="grow"></span>
          <span class="label" aria-hidden="true">${t("Threshold")}</span>
          ${textField({
            label: t("Threshold"),
            value: String(Number(threshold.toPrecision(4))),
            className: "threshold-field",
            onKeyDown: (event, value) => this.onFieldKey(event, value, detail),
          })}
          ${tableToggle(store.state.asTable, (asTable) => store.set({ asTable }))}
        </div>
        ${
          store.state.asTable
            ? binsTable(detail.histogram)
            : html`<qs-threshold-plot
                .histogram=${detail.histogram}
                .marks=${this.marks(detail)}
                .threshold=${threshold}
                .valueText=${sentence}
                @drag-threshold=${(event: CustomEvent<number>) => store.drag(event.detail)}
              ></qs-threshold-plot>`
        }
        <p class="xs muted threshold-text">${t("Magnitudes of {0} values, log counts.", count(input.values))} ${sentence}</p>
      </section>
      <section class="fig" aria-label=${t("What each threshold costs")}>
        <div class="fig-head">
          <h3>${t("What each threshold costs")}</h3>
          <span class="grow"></span>
          ${saveLinesButton(store, t("What each threshold costs"), "thresholds", input)}
        </div>
        <qs-lines-view
          .content=${this.curves(detail, threshold)}
          .asTable=${store.state.asTable}
          .summary=${curveSummary(detail)}
        ></qs-lines-view>
        <p class="xs muted">
          ${t("KL has no value where it is infinite, since the last bin that is kept is empty, and below the first range that the search looks at.")}
        </p>
      </section>
      ${this.renderMethods(input, detail, figures)}`;
  }

  /** Thresholds of the methods, as far as they are known. */
  private marks({ marks }: InputDetail): ThresholdMark[] {
    const { onnx } = this.store.detail;
    const all = [...Object.entries(marks), ...(onnx ? [[onnxMethod, onnx] as const] : [])];
    return all.map(([id, { threshold }]) => ({ label: methodLabel(id), value: threshold })).sort((a, b) => a.value - b.value);
  }

  private curves(detail: InputDetail, threshold: number): LinesContent {
    const xs = detail.curve.map((point) => point.threshold);
    return {
      xs,
      xTitle: t("threshold T: the range is −T to T, as far as there are values"),
      writeX: (value) => significant(value),
      yTitle: t("MSE"),
      series: [
        { label: t("MSE"), values: detail.curve.map(({ mse }) => mse), role: "error", write: (value) => significant(value) },
        {
          label: t("KL divergence, own scale"),
          values: detail.curve.map(({ divergence }) => divergence),
          role: "after",
          dash: [5, 3],
          ownScale: true,
          write: (value) => (value === null ? missing : significant(value)),
        },
      ],
      markers: this.store.dragged === undefined ? this.marks(detail) : [{ label: t("Yours"), value: threshold }, ...this.marks(detail)],
    };
  }

  private renderMethods(input: CalibratedInput, { marks }: InputDetail, figures: ThresholdFigures | undefined): TemplateResult {
    const { onnx } = this.store.detail;
    const least = Math.min(...Object.values(input.methods).map(({ mse }) => mse));
    const rows = Object.entries(input.methods).map(([id, { low, high, scale, zeroPoint, mse }]): MethodRow => {
      return { id, label: methodLabel(id), figures: { ...marks[id], low, high, scale, zeroPoint, mse } };
    });
    const others: MethodRow[] = [
      { id: onnxMethod, label: methodLabel(onnxMethod), figures: onnx, isEstimated: true },
      { id: "own", label: t("Yours"), figures: this.store.dragged === undefined ? undefined : figures, isEstimated: true },
    ];
    return methodsTable([...rows, ...others], least, false);
  }

  private onFieldKey(event: KeyboardEvent, value: string, { histogram }: InputDetail): void {
    if (event.key !== "Enter") return;
    const wanted = Number(value.replace(",", "."));
    if (wanted > 0 && Number.isFinite(wanted)) this.store.drag(Math.min(histogram.max, wanted));
  }
}

function curveSummary({ curve }: InputDetail): string {
  const least = (of: (figures: ThresholdFigures) => number | null): string => {
    const found = curve.reduce<ThresholdFigures | undefined>(
      (best, point) => ((of(point) ?? Infinity) < (best ? (of(best) ?? Infinity) : Infinity) ? point : best),
      undefined,
    );
    return found ? significant(found.threshold) : missing;
  };
  return t(
    "Mean squared error and Kullback-Leibler divergence against the threshold. Least error at {0}, least divergence at {1}.",
    least(({ mse }) => mse),
    least(({ divergence }) => divergence),
  );
}
