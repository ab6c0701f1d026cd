import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { errorsProtocol } from "../../src/protocol/errors";
import { typeLabel } from "../charts/typeLabel";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";
import { ErrorsElement } from "./errorsElement";
import { type HeatCell, type HeatGrid, heatGrid, type HeatSpan } from "./heatGrid";
import { figureOf, type Measure } from "./measures";

/** The scale spans at least this share around the pooled figure, so that small differences look small. */
const leastSpan = 0.15;

/** Where one type hurts: layers × kinds of matrices, each figure written in its cell. */
@customElement("qs-errors-heat")
export class ErrorsHeat extends ErrorsElement {
  @state() private active = { row: 0, column: 0 };

  override render(): TemplateResult | typeof nothing {
    const { type, measure, tensors } = this.store;
    if (!type || tensors.length === 0) return nothing;
    const grid = heatGrid(tensors, type, measure);
    const pooled = figureOf(type.total, measure);
    const scale = scaleOf(grid, pooled, measure);
    const title = t("Where {0} hurts", typeLabel(type.type, type.label));
    return html`<section class="fig" aria-label=${title}>
      <div class="fig-head">
        <h2>${title}</h2>
        <span class="grow"></span>
        ${
          Number.isFinite(scale.low)
            ? html`<span class="xs muted">${measure.write(scale.low)}</span><span class="heat-scale" aria-hidden="true"></span
                ><span class="xs muted">${measure.write(scale.high)}</span>`
            : nothing
        }
      </div>
      <div class="heat-scroll">
        <table
          class="heat-grid"
          role="grid"
          aria-label=${t("Layers and kinds of tensors")}
          @keydown=${(event: KeyboardEvent) => this.onKeyDown(event, grid)}
        >
          <thead>
            <tr role="row">
              <td></td>
              ${grid.kinds.map((kind) => html`<th scope="col" title=${kind}>${kind.replace(/_proj$/, "")}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${grid.rows.map(
              ({ layer, cells }, row) =>
                html`<tr role="row">
                  <th scope="row">${layer === undefined ? t("ends") : t("layer {0}", String(layer))}</th>
                  ${cells.map((place, column) => this.renderCell(place, layer === undefined, grid, scale, measure, row, column))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${grid.worst ? html`<p class="xs muted">${this.caption(grid.worst, measure)}</p>` : nothing}
    </section>`;
  }

  private renderCell(
    { cell, span }: HeatSpan,
    isNamed: boolean,
    grid: HeatGrid,
    scale: Scale,
    measure: Measure,
    row: number,
    column: number,
  ): TemplateResult {
    const isTabStop = this.active.row === row && this.active.column === column;
    if (!cell) return html`<td role="gridcell" colspan=${span} tabindex=${isTabStop ? 0 : -1} data-cell="${row}-${column}"></td>`;
    const { tensors, selected } = this.store;
    const tensor = tensors[cell.tensor]!;
    return html`<td
      role="gridcell"
      class="heat ${cell.tensor === grid.worst?.tensor ? "worst" : ""} ${cell.tensor === selected ? "selected" : ""}"
      tabindex=${isTabStop ? 0 : -1}
      colspan=${span}
      data-cell="${row}-${column}"
      title=${cell.count > 1 ? t("{0} and {1} more: the worst", tensor.name, String(cell.count - 1)) : tensor.name}
      ${styles({ "--qs-tint": `${(45 * scale.place(cell.value)).toFixed(1)}%` })}
      @click=${() => this.store.set({ selected: tensor.name })}
      @dblclick=${() => this.open(cell.tensor)}
    >
      ${isNamed ? `${tensor.kind} ` : nothing}${measure.write(cell.value)}
    </td>`;
  }

  private caption(worst: HeatCell, measure: Measure): string {
    const tensor = this.store.tensors[worst.tensor]!;
    const where = tensor.layer === undefined ? tensor.kind : t("layer {0} {1}", String(tensor.layer), tensor.kind);
    return t(
      "Worst: {0}, {1}. The scale spans at least ±15 % around the pooled figure, so small differences look small.",
      where,
      measure.write(worst.value),
    );
  }

  private open(tensor: number): void {
    this.store.ask(this.store.host.request(errorsProtocol.openTensor, { tensor }));
  }

  private onKeyDown(event: KeyboardEvent, grid: HeatGrid): void {
    const { row, column } = this.active;
    const moves: Record<string, [number, number]> = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
    const move = moves[event.key];
    if (move) {
      const next = Math.min(grid.rows.length - 1, Math.max(0, row + move[0]));
      this.active = { row: next, column: Math.min((grid.rows[next]?.cells.length ?? 1) - 1, Math.max(0, column + move[1])) };
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>(`[data-cell="${this.active.row}-${this.active.column}"]`)?.focus(),
      );
    } else if (event.key === "Enter" || event.key === " ") {
      const cell = grid.rows[row]?.cells[column]?.cell;
      if (!cell) return;
      if (event.key === "Enter") this.open(cell.tensor);
      else this.store.set({ selected: this.store.tensors[cell.tensor]!.name });
    } else return;
    event.preventDefault();
  }
}

interface Scale {
  low: number;
  high: number;
  /** How much a figure is tinted, 0 to 1: more for more damage. */
  place(value: number): number;
}

function scaleOf({ low, high }: HeatGrid, pooled: number | null, { growsWithDamage }: Measure): Scale {
  const middle = pooled ?? (low + high) / 2;
  const from = Math.min(low, middle - Math.abs(middle) * leastSpan);
  const to = Math.max(high, middle + Math.abs(middle) * leastSpan);
  return {
    low: from,
    high: to,
    place: (value) => {
      const share = to > from ? (value - from) / (to - from) : 0.5;
      return growsWithDamage ? share : 1 - share;
    },
  };
}
