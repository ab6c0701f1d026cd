import { html, type TemplateResult } from "lit";
import { t } from "./l10n";

/** A name that is cut in the middle when it is too long: the end, which tells tensors apart, stays. */
export function middleTruncated(text: string): TemplateResult {
  if (text === "") return html`<span class="mid-tail muted">${t("(no name)")}</span>`;
  const cut = text.length > longestTail ? splitPoint(text) : 0;
  return html`<span class="mid-head">${text.slice(0, cut)}</span><span class="mid-tail">${text.slice(cut)}</span>`;
}

/** Characters of the end that is kept, at most and at least. */
const longestTail = 24;
const shortestTail = 10;

/** Before the last two dotted parts, or the last one, whichever makes an end of useful length. */
function splitPoint(text: string): number {
  const last = text.lastIndexOf(".");
  const secondLast = text.lastIndexOf(".", last - 1);
  const cut = [secondLast + 1, last + 1].find((point) => point > 0 && isUseful(text.length - point));
  return cut ?? text.length - longestTail;
}

function isUseful(length: number): boolean {
  return length >= shortestTail && length <= longestTail;
}
