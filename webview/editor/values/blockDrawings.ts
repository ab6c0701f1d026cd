import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { BlockReport } from "../../../src/protocol/editor";
import { count, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { styles } from "../../ui/styles";
import { allCodes, type BlockPosition, codeCounts, fieldRole, levelEnds, levelOf, type SubBlock } from "./blockModel";

/** Shorter fields have no room for what they hold: it is in their tooltip. */
const describedShare = 0.3;
/** More levels than this are drawn as ticks without numbers. */
const numberedLevels = 32;

/** The bytes of a block, in order, as long as they are; short fields keep room for their name. */
export function byteStrip(block: BlockReport): TemplateResult {
  const total = block.fields.reduce((sum, field) => sum + field.bytes, 0);
  const names = block.fields.map((field) => `${field.name} ${field.bytes}`).join(", ");
  return html`<ol class="byte-strip" aria-label=${t("Layout of the {0} bytes: {1}", total, names)}>
    ${block.fields.map(
      (field) =>
        html`<li title=${field.detail} ${styles({ "flex-grow": String(field.bytes) })}>
          <span class="byte-field role-${fieldRole(field.name)} mono">${field.name}</span>
          <span class="muted xs"
            >${t("{0} B", count(field.bytes))}${field.bytes / total < describedShare ? nothing : ` · ${field.detail}`}</span
          >
        </li>`,
    )}
  </ol>`;
}

/** Where zero is among the levels of a sub-block, in words. */
function zeroPlace(block: BlockReport, part: SubBlock): string {
  const zero = part.scale === 0 ? NaN : -part.offset / part.scale;
  const levels = allCodes(block).map((code) => levelOf(block, code));
  if (levels.includes(zero)) return t("zero is level {0}", zero);
  const [below, above] = [levels.filter((level) => level < zero), levels.filter((level) => level > zero)];
  if (below.length === 0 || above.length === 0) return t("zero lies outside the levels");
  return t("zero lies between levels {0} and {1}", Math.max(...below), Math.min(...above));
}

/** The levels of a sub-block on a line, with the stored one marked. `width` in pixels. */
export function levelLine(block: BlockReport, { part, code, value, subBlock }: BlockPosition, width: number): TemplateResult {
  const codes = allCodes(block);
  const [lowest, highest] = levelEnds(block);
  const x = (level: number): number => Math.round((14 + ((level - lowest) / (highest - lowest)) * (width - 28)) * 10) / 10;
  const numbered = codes.length <= numberedLevels;
  const at = x(levelOf(block, code));
  const anchor = at < 90 ? "start" : at > width - 90 ? "end" : "middle";
  const scale = significant(part.scale, 4);
  return html`<svg
      class="chart level-line"
      width=${width}
      height="66"
      viewBox="0 0 ${width} 66"
      role="img"
      aria-label=${t("Number line of the {0} levels of sub-block {1}; code {2} decodes to {3}.", codes.length, subBlock, code, significant(value, 4))}
    >
      <line class="c-axis" x1="4" x2=${width - 4} y1="34" y2="34" />
      ${codes.map((other) => {
        const level = levelOf(block, other);
        return levelTick(x(level), numbered || other === code ? String(level).replace("-", "−") : "", other === code);
      })}
      <path class="c-after" d="M${at} 34V18" />
      <circle class="f-after" cx=${at} cy="34" r="5" />
      <text class="b" x=${at} y="12" text-anchor=${anchor}>${significant(value, 4)}</text>
    </svg>
    <p class="level-notes muted xs">
      <span
        >${block.levels ? t("sub-block {0}: {1} levels, scale {2}", subBlock, codes.length, scale) : t("sub-block {0}: {1} levels, step {2}", subBlock, codes.length, scale)}</span
      ><span>${zeroPlace(block, part)}</span>
    </p>`;
}

function levelTick(x: number, label: string, chosen: boolean): SVGTemplateResult {
  return svg`<line class="c-level" x1=${x} x2=${x} y1="27" y2="41" /><text class=${chosen ? "b" : "s"} x=${x} y="56" text-anchor="middle">${label}</text>`;
}

/** The codes of a sub-block, each as a bar. `current` is the index of the marked one. */
export function codeBars(part: SubBlock, block: BlockReport, current: number | undefined): TemplateResult {
  const [lowest, highest] = levelEnds(block);
  const step = Math.max(2, Math.min(5, Math.floor(136 / part.codes.length)));
  const height = (code: number): number => Math.max(1, Math.round((16 * (levelOf(block, code) - lowest)) / (highest - lowest)));
  const width = step * part.codes.length;
  return html`<svg class="spark" width=${width} height="18" viewBox="0 0 ${width} 18" aria-hidden="true">
    ${part.codes.map((code, index) => {
      const tall = height(code);
      return svg`<rect class=${index === current ? "f-after" : "code-bar"} x=${index * step} y=${17 - tall} width=${step - 1} height=${tall} />`;
    })}
  </svg>`;
}

/** How often each code occurs in the block. `width` in pixels. */
export function codeHistogram(block: BlockReport, chosen: number | undefined, width: number): TemplateResult {
  const counts = codeCounts(block);
  const lowest = block.minCode;
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const labelled = step >= 20;
  return html`<svg
    class="chart"
    width=${width}
    height="104"
    viewBox="0 0 ${width} 104"
    role="img"
    aria-label=${t("How often each code from {0} to {1} occurs in the {2} weights of this block", lowest, block.maxCode, block.values.length)}
  >
    ${counts.map((value, index) => {
      const tall = (74 * value) / most;
      const x = Math.round(index * step * 10) / 10;
      const middle = x + step / 2;
      const bar = svg`<rect class=${index + lowest === chosen ? "f-after" : "c-before"} x=${x} y=${88 - tall} width=${Math.max(1, step - (labelled ? 4 : 1))} height=${tall} />`;
      if (!labelled) return bar;
      return svg`${bar}<text class="s" x=${middle - 2} y="102" text-anchor="middle">${index + lowest}</text><text class="s" x=${middle - 2} y=${84 - tall} text-anchor="middle">${value}</text>`;
    })}
    <line class="c-axis" x1="0" x2=${width} y1="88.5" y2="88.5" />
  </svg>`;
}

/** A bar that compares a magnitude with the largest of its column. */
export function magnitudeBar(value: number, largest: number, role: "level" | "error"): TemplateResult {
  const width = largest === 0 ? 0 : Math.round((34 * Math.abs(value)) / largest);
  return html`<svg width="34" height="10" viewBox="0 0 34 10" aria-hidden="true">
    <rect class="bar-ground" y="2" width="34" height="6" />
    <rect class="f-${role}" y="2" width=${width} height="6" />
  </svg>`;
}
