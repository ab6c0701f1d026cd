import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { GptqFigure, LayerFigures } from "../../../../src/protocol/lessonFigures";
import type { LinesContent } from "../../../charts/linesFigure";
import "../../../charts/linesView";
import { announce } from "../../../ui/announcer";
import { count, fixed, percent, significant } from "../../../ui/format";
import { t } from "../../../ui/l10n";
import { LightElement } from "../../../ui/lightElement";
import { segmented } from "../../../ui/segmented";
import { tableToggle } from "../../../ui/tableToggle";
import { sampleReasonText } from "../../sampleReasonText";
import type { StepPlayer } from "../../stepPlayer";
import "../../stepPlayer";
import { type ChangeMatrix, changeMatrix, changeTable } from "./changeMatrix";

const startBits = 3;

/** GPTQ at work on a corner of a layer, column by column, beside rounding to nearest. */
@customElement("qs-gptq-figure")
export class GptqFigureView extends LightElement {
  @property({ attribute: false }) layers!: LayerFigures;
  @state() private bits: number = startBits;
  /** Columns that are rounded; half of them until the reader moves, so that both sides of the line are seen. */
  @state() private moved: number | undefined;
  @state() private asTable = false;

  private get figure(): GptqFigure {
    return this.layers.gptq.find(({ bits }) => bits === this.bits) ?? this.layers.gptq[0]!;
  }

  private get step(): number {
    const { columns } = this.figure;
    return Math.min(columns, this.moved ?? Math.floor(columns / 2));
  }

  override render(): TemplateResult {
    const { figure, step, asTable, layers } = this;
    const { columns, rows } = figure;
    const sentence = this.sentence();
    const matrices = this.matrices();
    return html`<figure class="fig wide" aria-labelledby="gptq-figure-title">
      <div class="fig-head">
        <h3 id="gptq-figure-title">${t("GPTQ, column by column")}</h3>
        <span class="grow"></span>
        ${segmented({
          label: t("Bits of a weight"),
          value: this.bits,
          options: layers.gptq.map(({ bits }) => ({ value: bits, label: t("{0} bits", count(bits)) })),
          onSelect: (bits) => (this.bits = bits),
        })}
        <qs-step-player
          .step=${step}
          .last=${columns}
          .label=${t("Columns rounded")}
          .text=${`${count(step)} / ${count(columns)}`}
          @step=${(event: CustomEvent<number>) => this.show(event.detail, (event.target as StepPlayer).isPlaying)}
        ></qs-step-player>
        ${tableToggle(asTable, (asTable) => (this.asTable = asTable))}
      </div>
      ${
        asTable
          ? matrices.map((matrix) => changeTable(matrix))
          : html`<div class="change-pair">${matrices.map((matrix) => changeMatrix(matrix, sentence))}</div>
              <ul class="key change-key" aria-hidden="true">
                <li><i class="key-more"></i>${t("more than stored")}</li>
                <li><i class="key-less"></i>${t("less")}</li>
              </ul>`
      }
      <p class="sentence sm" id="gptq-sentence">${sentence}</p>
      <qs-lines-view
        .content=${this.curve()}
        .asTable=${asTable}
        .summary=${t(
          "Relative squared error of the outputs while columns are rounded: GPTQ ends at {0}, rounding to nearest at {1}.",
          percent(figure.gptqErrors[columns]),
          percent(figure.roundingErrors[columns]),
        )}
      ></qs-lines-view>
      <figcaption>
        ${t(
          "Difference from the stored weights. Left of the line, weights are rounded; right of it, corrected before their turn. First {0} rows and {1} columns of {2}, with the inputs of {3} of {4} tokens of the calibration text.",
          count(rows),
          count(columns),
          layers.gptqTensor,
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
    const { figure, step } = this;
    const { columns, gptqErrors, roundingErrors } = figure;
    if (step === 0) return t("Nothing is rounded yet: both matrices are the stored weights.");
    const [ours, plain] = [percent(gptqErrors[step]), percent(roundingErrors[step])];
    if (step < columns) {
      return t(
        "After {0} of {1} columns GPTQ has changed the outputs by {2} of their energy; rounding to nearest by {3}.",
        step,
        columns,
        ours,
        plain,
      );
    }
    return t(
      "All {0} columns are rounded: GPTQ has changed the outputs by {1} of their energy, rounding to nearest by {2}, though GPTQ moved the weights more (RMSE {3} against {4}).",
      columns,
      ours,
      plain,
      significant(figure.gptqRmse),
      significant(figure.roundingRmse),
    );
  }

  private matrices(): ChangeMatrix[] {
    const { figure, step } = this;
    const { columns, changes, roundingChange } = figure;
    const most = Math.max(...roundingChange.map(Math.abs), ...changes.at(-1)!.map(Math.abs));
    const zero = roundingChange.map(() => 0);
    const rounded = roundingChange.map((value, i) => (i % columns < step ? value : 0));
    return [
      { title: t("GPTQ"), columns, change: step === 0 ? zero : changes[step - 1]!, done: step, most },
      { title: t("Rounding to nearest"), columns, change: rounded, done: step, most },
    ];
  }

  private curve(): LinesContent {
    const { gptqErrors, roundingErrors, columns } = this.figure;
    const inPercent = (errors: readonly number[]): number[] => errors.map((error) => 100 * error);
    const write = (value: number | null): string => (value === null ? "" : percent(value / 100));
    return {
      xs: Array.from({ length: columns + 1 }, (_, done) => done),
      xTitle: t("columns rounded"),
      writeX: (value) => fixed(value, 0),
      yTitle: t("error of the outputs, %"),
      series: [
        { label: t("GPTQ"), values: inPercent(gptqErrors), role: "after", write },
        { label: t("Rounding to nearest"), values: inPercent(roundingErrors), role: "error", dash: [5, 3], write },
      ],
      markers: [{ label: t("now"), value: this.step }],
    };
  }
}
