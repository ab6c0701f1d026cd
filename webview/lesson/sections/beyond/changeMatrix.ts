import { html, nothing, svg, type TemplateResult } from "lit";
import { count, scientific } from "../../../ui/format";
import { t } from "../../../ui/l10n";

/** What a method changed of a small matrix, when some of its columns are done. */
export interface ChangeMatrix {
  title: string;
  columns: number;
  /** Row by row. */
  change: readonly number[];
  /** Columns that are rounded. */
  done: number;
  /** The magnitude of the strongest colour. */
  most: number;
}

/** Side of a cell, and room between two, in the drawing's own units. */
const [cell, gap] = [14, 1];

/** Cells in two colours for more and less, the stronger the larger; a line after the last column that is done. */
export function changeMatrix({ title, columns, change, done, most }: ChangeMatrix, sentence: string): TemplateResult {
  const rows = change.length / columns;
  const [width, height] = [columns * (cell + gap) + 2, rows * (cell + gap) + 6];
  const edge = done * (cell + gap) + 0.5;
  return html`<div class="change-matrix">
    <p class="xs muted" aria-hidden="true">${title}</p>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${sentence}">
      ${change.map((value, i) => {
        const [x, y] = [(i % columns) * (cell + gap) + 1, Math.floor(i / columns) * (cell + gap) + 3];
        const strength = Math.min(1, Math.abs(value) / most);
        return svg`<rect class="change-ground" x=${x} y=${y} width=${cell} height=${cell} />${
          value === 0
            ? nothing
            : svg`<rect class=${value > 0 ? "change-more" : "change-less"} x=${x} y=${y} width=${cell} height=${cell} fill-opacity=${(0.08 + 0.92 * strength).toFixed(3)} />`
        }`;
      })}
      ${done < columns ? svg`<path class="change-edge" d="M${edge} 0V${height}" />` : nothing}
    </svg>
  </div>`;
}

/** The twin of the drawing: one row of the matrix a row. */
export function changeTable({ title, columns, change, done }: ChangeMatrix): TemplateResult {
  const rows = change.length / columns;
  return html`<div class="table-scroll lines-table" tabindex="0" role="region" aria-label=${title}>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">${title}</th>
          ${Array.from({ length: columns }, (_, column) => html`<th scope="col" class="num">${count(column)}${column < done ? " ✓" : ""}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Array.from(
          { length: rows },
          (_, row) =>
            html`<tr>
              <th scope="row">${t("output {0}", count(row))}</th>
              ${change.slice(row * columns, (row + 1) * columns).map((value) => html`<td class="num">${scientific(value)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
