import { html, type TemplateResult } from "lit";

/**
 * A translated sentence with elements in it: `{0}` stands for the first of `parts`, and what is between two pairs of stars
 * is a term that is introduced.
 */
export function prose(text: string, ...parts: readonly unknown[]): TemplateResult {
  const pieces = text.split(/(\{\d+\}|\*\*.+?\*\*)/);
  return html`${pieces.map((piece) => {
    if (piece.startsWith("**")) return html`<b>${piece.slice(2, -2)}</b>`;
    return /^\{\d+\}$/.test(piece) ? parts[Number(piece.slice(1, -1))] : piece;
  })}`;
}
