import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { GroupError } from "../../../src/protocol/lessonFigures";
import type { LinesContent } from "../../charts/linesFigure";
import "../../charts/linesView";
import { announce } from "../../ui/announcer";
import { count, fixed, percent } from "../../ui/format";
import { t } from "../../ui/l10n";
import { LightElement } from "../../ui/lightElement";
import { slider } from "../../ui/slider";
import { tableToggle } from "../../ui/tableToggle";

/** Error and overhead against the size of a group, with a group size that the reader chooses, in words. */
@customElement("qs-group-figure")
export class GroupFigure extends LightElement {
  /** At least one, from small to large. */
  @property({ attribute: false }) groups!: readonly GroupError[];
  /** Of a code. */
  @property({ type: Number }) bits = 4;
  /** More controls for the head of the figure, and what is below its sentence. */
  @property({ attribute: false }) controls: unknown;
  @property({ attribute: false }) caption: unknown;
  @state() private place = 3;
  @state() private asTable = false;

  override render(): TemplateResult {
    const { groups, bits, asTable } = this;
    const group = groups[Math.min(this.place, groups.length - 1)]!;
    const sentence = sentenceOf(group);
    return html`<figure class="fig wide" aria-labelledby="groups-title">
      <div class="fig-head">
        <h3 id="groups-title">${t("Error and overhead by group size")}</h3>
        <span class="grow"></span>
        <span class="row gap-2 sm group-slider">
          ${t("Weights of a group")}
          ${slider({
            label: t("Weights of a group"),
            value: groups.indexOf(group),
            min: 0,
            max: groups.length - 1,
            step: 1,
            text: count(group.size),
            onInput: (place) => this.choose(place),
          })}
          <b class="num">${count(group.size)}</b>
        </span>
        ${this.controls} ${tableToggle(asTable, (asTable) => (this.asTable = asTable))}
      </div>
      <qs-lines-view .content=${curve(groups, group, bits)} .asTable=${asTable} .summary=${sentence}></qs-lines-view>
      <p class="sentence sm" id="groups-sentence">${sentence}</p>
      ${this.caption}
    </figure>`;
  }

  private choose(place: number): void {
    this.place = place;
    announce(sentenceOf(this.groups[place]!));
  }
}

function sentenceOf({ size, bitsPerWeight, relativeRmse, overhead }: GroupError): string {
  return t(
    "With groups of {0} weights the error is {1} of the weights’ RMS, at {2} bits per weight: {3} of them beyond the codes.",
    count(size),
    percent(relativeRmse),
    fixed(bitsPerWeight, 3),
    fixed(overhead, 3),
  );
}

function curve(groups: readonly GroupError[], chosen: GroupError, bits: number): LinesContent {
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
        label: t("Bits beyond {0}, own scale", count(bits)),
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
