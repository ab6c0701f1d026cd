import { html, type TemplateResult } from "lit";

/** A name that is cut in the middle when it is too long: the end, which tells tensors apart, stays. */
export function middleTruncated(text: string): TemplateResult {
  const cut = text.length > 16 ? splitPoint(text) : 0;
  return html`<span class="mid-head">${text.slice(0, cut)}</span><span class="mid-tail">${text.slice(cut)}</span>`;
}

/** Before the last two dotted parts, but never so that the tail alone is long. */
function splitPoint(text: string): number {
  const last = text.lastIndexOf(".");
  const secondLast = text.lastIndexOf(".", last - 1);
  const cut = last < 0 ? text.length - 8 : secondLast < 0 ? last : secondLast + 1;
  return Math.max(cut, text.length - 24);
}
