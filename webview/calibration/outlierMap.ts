import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { count, missing, significant } from "../ui/format";
import { moveInGrid, nearestCell } from "../ui/gridKeys";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";
import { CalibrationElement } from "./calibrationElement";
import { shortInputName } from "./rows";

/** Ratio at which a cell has its full tint, at least: where no channel stands out, the map is pale. */
const leastScale = 8;
/** The strongest tint, in percent. */
const fullTint = 85;

/** Outlier channels: inputs × runs of channels, the greatest magnitude of any channel against the median channel of the input. */
@customElement("qs-outlier-map")
export class OutlierMap extends CalibrationElement {
  @state() private active = { row: 0, column: 0 };

  override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const { inputs } = store;
    if (inputs.length === 0) return nothing;
    const greatest = inputs.reduce((most, { blocks }) => Math.max(most, ...blocks.map((ratio) => ratio ?? 0)), 0);
    const scale = Math.max(leastScale, greatest);
    return html`<section class="fig" aria-label=${t("Outlier channels")}>
      <div class="fig-head">
        <h3>${t("Outlier channels")}</h3>
        <span class="grow"></span>
        <span class="xs muted">1×</span><span class="map-scale" aria-hidden="true"></span><span class="xs muted">${times(scale)}</span>
      </div>
      <div class="map-scroll">
        <table class="outlier-map" role="grid" aria-label=${t("Inputs and runs of channels")} @keydown=${this.onKeyDown}>
          <tbody>
            ${inputs.map((input, row) => {
              const { head, tail } = shortInputName(input);
              return html`<tr role="row" class=${row === store.selected ? "selected" : ""}>
                <th scope="row" title=${input.weights.join("\n")} @click=${() => store.set({ selected: input.name })}>${head}${tail}</th>
                ${input.blocks.map((ratio, column) => this.renderCell(row, column, ratio, scale))}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <p class="xs muted">
        ${t("Each cell: the greatest magnitude among neighbouring channels, as a multiple of the input's median channel.")}
      </p>
      ${this.renderWorst()}
    </section>`;
  }

  private renderCell(row: number, column: number, ratio: number | null, scale: number): TemplateResult {
    const input = this.store.inputs[row]!;
    const isTabStop = this.active.row === row && this.active.column === column;
    const share = Math.min(1, Math.max(0, Math.log(ratio ?? scale) / Math.log(scale)));
    const text = t("channels {0}: {1}", channelRange(input.columns, input.blocks.length, column), times(ratio));
    return html`<td
      role="gridcell"
      aria-label=${text}
      title=${text}
      tabindex=${isTabStop ? 0 : -1}
      data-cell="${row}-${column}"
      ${styles({ "--qs-tint": `${(fullTint * share).toFixed(1)}%` })}
      @click=${() => {
        this.active = { row, column };
        this.store.set({ selected: input.name });
      }}
    ></td>`;
  }

  private renderWorst(): TemplateResult | typeof nothing {
    const { store } = this;
    const input = store.selected === undefined ? undefined : store.inputs[store.selected];
    if (!input) return nothing;
    const { head, tail } = shortInputName(input);
    return html`<h4>${t("Largest channels of {0}", `${head}${tail}`)}</h4>
      <ul class="worst-channels">
        ${input.worst.map(
          ({ channel, max }) =>
            html`<li>
              <span class="muted">${count(channel)}</span><b class="num">${significant(max)}</b>
              <span class="muted num">${times(input.medianChannel > 0 ? max / input.medianChannel : null)}</span>
            </li>`,
        )}
      </ul>
      <p class="xs muted">
        ${t("Channel, its greatest magnitude, and how many times the median channel ({0}) that is.", significant(input.medianChannel))}
      </p>`;
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { inputs } = this.store;
    const size = { rows: inputs.length, columns: inputs[this.active.row]?.blocks.length ?? 1 };
    if (event.key === "Enter" || event.key === " ") this.store.set({ selected: inputs[this.active.row]!.name });
    else {
      const move = moveInGrid(event, this.active, size, { rows: 8, columns: size.columns });
      if (!move) return;
      const { row } = nearestCell(move, size);
      this.active = nearestCell({ row, column: move.column }, { rows: size.rows, columns: inputs[row]!.blocks.length });
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>(`[data-cell="${this.active.row}-${this.active.column}"]`)?.focus(),
      );
    }
    event.preventDefault();
  };
}

/** A ratio: `12×`. */
function times(ratio: number | null): string {
  return ratio === null ? missing : `${significant(ratio, 2)}×`;
}

/** First and last channel of a run. */
function channelRange(columns: number, blocks: number, block: number): string {
  const first = Math.floor((block * columns) / blocks);
  const last = Math.floor(((block + 1) * columns) / blocks) - 1;
  return first === last ? count(first) : `${count(first)}–${count(last)}`;
}
