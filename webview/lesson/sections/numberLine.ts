import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { lessonProtocol, type NumberLineReport } from "../../../src/protocol/lesson";
import type { Snap } from "../../../src/core/lesson/numberLine";
import { announce } from "../../ui/announcer";
import { count, range, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { bitsControl, rangeControl } from "../codeControls";
import { FigureLoader } from "../figureLoader";
import { LessonElement } from "../lessonElement";
import { noRange } from "../noRange";
import { openTensorLink } from "../openTensorLink";
import { prose } from "../prose";
import { numberLineFigure, snapText } from "./numberLineFigure";
import type { LessonPart } from "../lessonPart";

/** Steps that the arrow keys move a value by: so many to a step of the scale. */
const keySteps = 10;

/** Section 3: weights of a real tensor on a line, each snapping to its level. */
@customElement("qs-lesson-number-line")
export class NumberLineSection extends LessonElement {
  @state() private bits = 4;
  @state() private symmetric = false;
  /** Place among the weights; undefined while a value of the reader's is looked at. */
  @state() private chosen: number | undefined = 0;
  @state() private value = 0;
  private readonly line = new FigureLoader(lessonProtocol.numberLine, () => this.requestUpdate());
  private readonly own = new FigureLoader(lessonProtocol.snap, () => this.requestUpdate());

  override render(): TemplateResult {
    const { store, bits, symmetric } = this;
    const { tensor } = store;
    if (!tensor) return html`<p>${t("This checkpoint has no matrices whose values can be read.")}</p>`;
    this.line.want(store.host, { tensor: tensor.index, bits, symmetric }, store.revision);
    if (this.chosen === undefined) this.own.want(store.host, { tensor: tensor.index, bits, symmetric, value: this.value }, store.revision);
    const { shown: report, failure } = this.line;
    if (report?.scale === 0) return noRange();
    const snap = report && this.snapOf(report);
    return html`<p>
        ${t("With {0} bits there are only {1} levels. Pick any weight: it moves to the nearest one, and the distance it moves is the error.", count(bits), count(2 ** bits - (symmetric ? 1 : 0)))}
        ${report ? t("Inside the range it is never more than half a step, {0} here.", significant(report.scale / 2)) : nothing}
      </p>
      ${failure === undefined ? nothing : html`<p role="alert">${failure}</p>`}
      <figure class="fig wide">
        <div class="fig-head">
          <h3>${t("{0}, INT{1} per tensor", tensor.name, count(bits))}</h3>
          <span class="grow"></span>
          ${rangeControl(symmetric, (chosen) => (this.symmetric = chosen))} ${bitsControl(bits, (chosen) => (this.bits = chosen))}
          ${openTensorLink(store)}
        </div>
        ${
          report && snap
            ? html`<p class="xs muted fig-note">
                  ${t("{0} weights of {1}, row {2}; shaded and clear strips round to the level inside them", count(report.weights.length), tensor.name, count(report.row))}
                </p>
                ${numberLineFigure(report, snap, {
                  choose: (place) => this.choose(report, place),
                  drag: (value) => this.drag(value),
                  key: (event) => this.onKey(event, report),
                })}
                ${renderFacts(report, snap)}`
            : html`<div class="bar"><i></i></div>`
        }
        <figcaption>
          ${prose(t("{0} {1} move to the next weight, with {2} they move the value itself by a tenth of a step. Click a weight, or drag along the line."), html`<kbd>←</kbd>`, html`<kbd>→</kbd>`, html`<kbd>Shift</kbd>`)}
        </figcaption>
      </figure>`;
  }

  private snapOf(report: NumberLineReport): Snap | undefined {
    if (this.chosen !== undefined) return report.weights[this.chosen] ?? report.weights[0];
    return this.own.shown ?? report.weights[0];
  }

  private choose(report: NumberLineReport, place: number): void {
    this.chosen = place;
    const snap = report.weights[place];
    if (snap) announce(snapText(snap, report));
  }

  private drag(value: number): void {
    this.chosen = undefined;
    this.value = value;
  }

  private onKey(event: KeyboardEvent, report: NumberLineReport): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const places = report.weights.map((_, place) => place).sort((a, b) => report.weights[a]!.value - report.weights[b]!.value);
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const now = this.snapOf(report)?.value ?? 0;
    if (event.shiftKey && by !== 0) {
      this.drag(Math.min(report.high, Math.max(report.low, now + (by * report.scale) / keySteps)));
      announce(significant(this.value));
    } else if (by !== 0) {
      const at = places.findIndex((place) => (this.chosen === undefined ? report.weights[place]!.value >= now : place === this.chosen));
      this.choose(report, places[Math.min(places.length - 1, Math.max(0, (at < 0 ? places.length - 1 : at) + by))]!);
    } else if (event.key === "Home") this.choose(report, places[0]!);
    else if (event.key === "End") this.choose(report, places[places.length - 1]!);
    else return;
    event.preventDefault();
  }
}

function renderFacts(report: NumberLineReport, snap: Snap): TemplateResult {
  const tiles: [string, string, string][] = [
    [
      t("Error"),
      significant(Math.abs(snap.error)),
      t("{0} of a step", significant(report.scale > 0 ? Math.abs(snap.error) / report.scale : 0, 2)),
    ],
    [t("Scale"), significant(report.scale), t("one step")],
    [t("Zero-point"), count(report.zeroPoint), t("code of exact zero")],
    [t("Range"), range(report.low, report.high), t("weights {0}", range(report.min, report.max))],
    ["MAE", significant(report.mae), t("over the whole tensor")],
  ];
  return html`<dl class="tiles" aria-label=${t("The number line in numbers")}>
    ${tiles.map(
      ([label, value, context]) =>
        html`<div class="tile">
          <dt>${label}</dt>
          <dd>${value}</dd>
          <dd class="ctx">${context}</dd>
        </div>`,
    )}
  </dl>`;
}

export const numberLineSection: LessonPart = {
  heading: () => t("See it live: the number line"),
  render: (store) => html`<qs-lesson-number-line .store=${store}></qs-lesson-number-line>`,
};
