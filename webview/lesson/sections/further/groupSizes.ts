import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type FurtherErrors, lessonFigureProtocol, type SchemeError } from "../../../../src/protocol/lessonFigures";
import type { LinesContent } from "../../../charts/linesFigure";
import "../../../charts/linesView";
import { announce } from "../../../ui/announcer";
import { count, fixed, percent } from "../../../ui/format";
import { t } from "../../../ui/l10n";
import { slider } from "../../../ui/slider";
import { tableToggle } from "../../../ui/tableToggle";
import { FigureLoader } from "../../figureLoader";
import { LessonElement } from "../../lessonElement";
import { openTensorLink } from "../../openTensorLink";

type Group = FurtherErrors["groups"][number];

/** Group sizes against error and overhead, and schemes of one to two bits, both on the tensor of the lesson. */
@customElement("qs-group-sizes")
export class GroupSizes extends LessonElement {
  @state() private place = 3;
  @state() private asTable = false;
  private readonly loader = new FigureLoader(lessonFigureProtocol.furtherErrors, () => this.requestUpdate());

  override render(): TemplateResult {
    const { store, asTable } = this;
    const { tensor } = store;
    if (!tensor) return html`<p>${t("This checkpoint has no matrices whose values can be read.")}</p>`;
    this.loader.want(store.host, { tensor: tensor.index }, store.revision);
    const { shown, failure } = this.loader;
    if (failure !== undefined) return html`<p role="alert">${failure}</p>`;
    if (!shown) return html`<div class="bar"><i></i></div>`;
    const group = shown.groups[Math.min(this.place, shown.groups.length - 1)];
    return html`${
      group
        ? html`<figure class="fig wide" aria-labelledby="groups-title">
            <div class="fig-head">
              <h3 id="groups-title">${t("Error and overhead by group size")}</h3>
              <span class="grow"></span>
              <span class="row gap-2 sm group-slider">
                ${t("Weights of a group")}
                ${slider({
                  label: t("Weights of a group"),
                  value: shown.groups.indexOf(group),
                  min: 0,
                  max: shown.groups.length - 1,
                  step: 1,
                  text: count(group.size),
                  onInput: (place) => this.choose(shown.groups, place),
                })}
                <b class="num">${count(group.size)}</b>
              </span>
              ${openTensorLink(store)} ${tableToggle(asTable, (asTable) => (this.asTable = asTable))}
            </div>
            <qs-lines-view .content=${curve(shown.groups, group)} .asTable=${asTable} .summary=${sentenceOf(group)}></qs-lines-view>
            <p class="sentence sm" id="groups-sentence">${sentenceOf(group)}</p>
            <figcaption>${t("{0}, 4-bit codes with an FP16 scale and a zero-point for each group.", tensor.name)}</figcaption>
          </figure>`
        : nothing
    }
    ${this.renderLowBits(shown.lowBits)}`;
  }

  private choose(groups: readonly Group[], place: number): void {
    this.place = place;
    announce(sentenceOf(groups[place]!));
  }

  private renderLowBits(rows: readonly SchemeError[]): TemplateResult {
    return html`<h3 class="sub">${t("One bit, and three levels")}</h3>
      <p>
        ${t("Binarization keeps a sign and one mean magnitude for a row (XNOR-Net). A model that was not trained for it loses most of what it knows. Three levels, −α, 0 and α, need 1.58 bits; BitNet b1.58 trains with them from the start, and GGUF stores such models as TQ1_0 and TQ2_0. On this tensor, which was trained in floating point:")}
      </p>
      <table class="facts low-bits">
        <thead>
          <tr>
            <th scope="col">${t("Type")}</th>
            <th scope="col" class="num">${t("Bits per weight")}</th>
            <th scope="col" class="num">${t("Relative RMSE")}</th>
            <th scope="col" class="num">${t("SQNR")}</th>
            <th scope="col" class="num">${t("Within 5 %")}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ scheme, label, bitsPerWeight, relativeRmse, sqnrDb, within5 }) =>
              html`<tr data-scheme=${scheme}>
                <th scope="row">${label}</th>
                <td class="num">${fixed(bitsPerWeight, 2)}</td>
                <td class="num">${percent(relativeRmse)}</td>
                <td class="num">${t("{0} dB", fixed(sqnrDb, 1))}</td>
                <td class="num">${percent(within5)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;
  }
}

function sentenceOf({ size, bitsPerWeight, relativeRmse, overhead }: Group): string {
  return t(
    "With groups of {0} weights the error is {1} of the weights’ RMS, at {2} bits per weight: {3} of them for scales and zero-points.",
    count(size),
    percent(relativeRmse),
    fixed(bitsPerWeight, 3),
    fixed(overhead, 3),
  );
}

/** Error and overhead against the group size. */
function curve(groups: readonly Group[], chosen: Group): LinesContent {
  return {
    xs: groups.map(({ size }) => size),
    xTitle: t("weights of a group"),
    writeX: count,
    doubling: true,
    yTitle: t("relative RMSE, %"),
    series: [
      {
        label: t("Relative RMSE"),
        values: groups.map(({ relativeRmse }) => (relativeRmse === null ? null : 100 * relativeRmse)),
        role: "error",
        write: (value) => percent(value === null ? null : value / 100),
      },
      {
        label: t("Bits beyond 4"),
        values: groups.map(({ overhead }) => overhead),
        role: "level",
        dash: [5, 3],
        ownScale: true,
        write: (value) => fixed(value, 3),
      },
    ],
    markers: [{ label: t("now"), value: chosen.size }],
  };
}
