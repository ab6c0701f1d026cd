import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { BlockReport } from "../../../src/protocol/editor";
import { count, range, significant } from "../../ui/format";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import { LightElement } from "../../ui/lightElement";
import { ObservedWidth } from "../../ui/observedWidth";
import { byteStrip, codeBars, codeHistogram, levelLine, magnitudeBar } from "./blockDrawings";
import { type BlockPosition, coverage, levelOf, positionIn } from "./blockModel";

/**
 * How the bytes of one block become values: layout, formula, the selected weight on its number line, and the scales of the
 * sub-blocks. Event `column-change` (detail: column) asks for the block before or after.
 */
@customElement("qs-block-panel")
export class BlockPanel extends LightElement {
  @property({ attribute: false }) block!: BlockReport;
  /** Columns of the tensor. */
  @property({ type: Number }) columns = 0;
  /** The selected weight's column. */
  @property({ type: Number }) column = 0;
  @state() private width = 500;

  constructor() {
    super();
    new ObservedWidth(this, (width) => (this.width = Math.max(240, Math.floor(width))));
  }

  override render(): TemplateResult {
    const { block } = this;
    const size = block.values.length;
    const last = block.column + size - 1;
    const place = positionIn(block, this.column);
    return html`<section class="block" aria-label=${t("Block")}>
      <div class="fig-head">
        <h3>${t("Block: row {0}, columns {1}–{2}", count(block.row), count(block.column), count(last))}</h3>
        <span class="grow"></span>
        <span class="xs muted"
          >${t("{0} of {1} in the row · offset {2}", count(block.column / size + 1), count(Math.ceil(this.columns / size)), count(block.offset))}</span
        >
        ${this.step(block.column - size, "chevronLeft", t("Previous block"))}
        ${this.step(block.column + size, "chevronRight", t("Next block"))}
      </div>
      ${byteStrip(block)}
      <p class="equation mono" aria-label=${t("Decoding")}>
        <span>${block.formula}</span>
        ${block.scalars.map(({ name, value }) => html`<span>${name} = ${significant(value, 5)}</span>`)}
      </p>
      ${place ? this.renderWeight(place) : nothing} ${block.subBlocks.length > 1 ? this.renderSubBlocks(place) : nothing}
      <div class="fig-head">
        <h4>${t("Codes used in this block")}</h4>
        <span class="grow"></span>
        <span class="xs muted">${t("{0} weights", count(size))}</span>
      </div>
      ${codeHistogram(block, place?.code, this.width)}
    </section>`;
  }

  private step(column: number, name: "chevronLeft" | "chevronRight", label: string): TemplateResult {
    return html`<button
      type="button"
      class="icon-btn"
      aria-label=${label}
      title=${label}
      ?disabled=${column < 0 || column >= this.columns}
      @click=${() => this.dispatchEvent(new CustomEvent<number>("column-change", { detail: column }))}
    >
      ${icon(name)}
    </button>`;
  }

  private renderWeight(place: BlockPosition): TemplateResult {
    const { part, code, value } = place;
    const sign = part.offset < 0 ? "−" : "+";
    const offset = part.offset === 0 ? "" : ` ${sign} ${significant(Math.abs(part.offset), 4)}`;
    const level = String(levelOf(this.block, code)).replace("-", "−");
    return html`<div class="fig-head">
        <h4>${t("Weight {0}", count(this.column))}</h4>
        <span class="grow"></span>
        <span class="mono sm"
          >${this.block.levels ? html`L[<b>${code}</b>] = ${level}: ` : nothing}${significant(part.scale, 4)}·<b class="mark-code"
            >${level}</b
          >${offset} = <b>${significant(value, 5)}</b></span
        >
      </div>
      ${levelLine(this.block, place, this.width)}`;
  }

  private renderSubBlocks(place: BlockPosition | undefined): TemplateResult {
    const { block } = this;
    const largest = (pick: "scale" | "offset"): number => block.subBlocks.reduce((most, part) => Math.max(most, Math.abs(part[pick])), 0);
    const [scale, offset] = [largest("scale"), largest("offset")];
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("Sub-blocks")}>
      <table class="grid sub-blocks">
        <thead>
          <tr>
            <th scope="col" class="num">${t("Sub")}</th>
            <th scope="col" class="num">${t("Scale")}</th>
            <td></td>
            <th scope="col" class="num">${t("Offset")}</th>
            <td></td>
            <th scope="col" class="num">${t("Covers")}</th>
            <th scope="col">${t("Codes")}</th>
          </tr>
        </thead>
        <tbody>
          ${block.subBlocks.map((part, index) => {
            const isCurrent = index === place?.subBlock;
            return html`<tr class=${isCurrent ? "current" : ""} aria-current=${isCurrent ? "true" : nothing}>
              <th scope="row" class="num">${index}</th>
              <td class="num">${significant(part.scale)}</td>
              <td>${magnitudeBar(part.scale, scale, "level")}</td>
              <td class="num">${significant(part.offset)}</td>
              <td>${magnitudeBar(part.offset, offset, "error")}</td>
              <td class="num">${range(...coverage(part, block))}</td>
              <td>${codeBars(part, block, isCurrent && place ? place.index - part.start : undefined)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }
}
