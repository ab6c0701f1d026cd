import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { EstimateLine } from "../../src/protocol/estimate";
import { fixed, missing } from "../ui/format";
import { t } from "../ui/l10n";
import type { ReadyAnswer } from "./store";

const gib = 2 ** 30;

/** What a bar is made of, in the order in which it is drawn. `bytes` undefined where it is not known. */
export interface BarPart {
  /** Class of its colour: codes, scales, tensors that are not quantized, KV cache, working memory. */
  kind: "w" | "sc" | "pl" | "kv" | "wm";
  label: string;
  bytes: number | undefined;
}

export function barParts({ parts }: EstimateLine, { cache, working }: ReadyAnswer): BarPart[] {
  return [
    { kind: "w", label: t("codes"), bytes: parts.codes },
    { kind: "sc", label: t("scales"), bytes: parts.scales },
    { kind: "pl", label: t("not quantized"), bytes: parts.plain },
    { kind: "kv", label: t("KV cache"), bytes: cache?.bytes },
    { kind: "wm", label: t("working memory"), bytes: working?.bytes },
  ];
}

/** A number of GB or GiB. What is not zero is not written so. */
export function sizeText(size: number): string {
  return size > 0 && size < 0.005 ? `< ${fixed(0.01, 2)}` : fixed(size, 2);
}

/** GiB of a part. Working memory is an estimate. */
function partText({ kind, bytes }: BarPart, unknown: string): string {
  if (bytes === undefined) return unknown;
  return `${kind === "wm" ? "≈ " : ""}${sizeText(bytes / gib)}`;
}

/** The bar in words. */
export function barText(row: EstimateLine, answer: ReadyAnswer): string {
  const said = barParts(row, answer).map((part) => `${part.label} ${partText(part, t("not known"))}`);
  return t("{0} GiB", said.join(", "));
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

/** The parts side by side on a bar whose right end stands for `end` bytes. */
export function partRects(parts: readonly BarPart[], end: number, y: number, height: number): SVGTemplateResult[] {
  let start = 0;
  return parts.map(({ kind, bytes = 0 }) => {
    const x = start;
    start += bytes;
    return svg`<rect class=${kind} x=${percent(x / end)} y=${y} width=${percent(bytes / end)} height=${height} />`;
  });
}

/** The hatching of scales, which every bar of the page refers to. */
export function hatching(): TemplateResult {
  return html`<svg class="hatching" width="0" height="0" aria-hidden="true">
    <defs>
      <pattern id="scales-hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="ground" width="4" height="4" />
        <rect class="stroke" width="1.6" height="4" />
      </pattern>
    </defs>
  </svg>`;
}

/** One row's bar over its whole width, each part named below. */
export function partsFigure(row: EstimateLine, answer: ReadyAnswer): TemplateResult {
  const parts = barParts(row, answer);
  return html`<figure class="parts">
    <svg class="bars" role="img" aria-label=${`${row.name}: ${barText(row, answer)}`}>${partRects(parts, row.neededBytes, 2, 12)}</svg>
    <figcaption aria-hidden="true">
      ${parts.map((part) => html`<span class="key"><i class=${part.kind}></i>${part.label} <b>${partText(part, missing)}</b></span>`)}
      <span class="muted">GiB</span>
    </figcaption>
  </figure>`;
}
