import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type BlockReport, editorProtocol, type HeatmapReport, type TensorRow } from "../../../src/protocol/editor";
import { announce } from "../../ui/announcer";
import { checkbox, textField } from "../../ui/controls";
import { delayed } from "../../ui/delay";
import { t } from "../../ui/l10n";
import { segmented } from "../../ui/segmented";
import { failedRequest, hasValues, noValues } from "../requestState";
import { StoreElement } from "../storeElement";
import { cellStyle, codeStyle, exactText, toTsv } from "./cellText";
import { type Cell, clampCell, indexText, type Matrix, matrixOf, parseIndex } from "./matrix";
import { PageCache, type Rectangle } from "./pageCache";
import type { ValuesGrid } from "./valuesGrid";
import "../../ui/menu";
import "./blockPanel";
import "./heatMap";
import "./valuesGrid";

/** Cells of the picture of a matrix: what a screen shows of it, and small enough to be sent. */
const mapWidth = 384;
const mapHeight = 128;

/** The real numbers of the selected tensor: a picture of all, a page to read, and how a block is stored. */
@customElement("qs-values-tab")
export class ValuesTab extends StoreElement {
  @query("qs-values-grid") private readonly grid!: ValuesGrid | null;
  @query(".go-to") private readonly goTo!: HTMLElement | null;
  @state() private heatmap: HeatmapReport | undefined;
  @state() private block: BlockReport | undefined;
  @state() private view: Rectangle | undefined;
  @state() private cacheRevision = 0;
  @state() private wrongIndex = false;
  private cache!: PageCache;
  /** What heat map and block are about: tensor and revision. */
  private subject = "";
  private life = new AbortController();
  private blockLife = new AbortController();
  private readonly loadBlock = delayed(() => void this.fetchBlock(), 80);

  override connectedCallback(): void {
    super.connectedCallback();
    this.cache ??= new PageCache(this.store.host, () => (this.cacheRevision += 1));
    this.storeChanged();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.loadBlock.cancel();
    this.blockLife.abort();
    if (this.heatmap) return;
    this.life.abort();
    this.subject = "";
  }

  protected override storeChanged(): void {
    const { selected, revision, selectedRow: row } = this.store;
    const subject = `${selected}/${revision}`;
    if (row?.decodable && selected !== undefined && subject !== this.subject && !this.store.failure) {
      this.subject = subject;
      this.cache.use(selected, revision, matrixOf(row.shape));
      this.life.abort();
      this.life = new AbortController();
      this.heatmap = undefined;
      this.block = undefined;
      this.wrongIndex = false;
      if (row.parameters > 0) {
        void this.fetchHeatmap(selected, matrixOf(row.shape), this.life.signal);
        this.loadBlock();
      }
    }
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { store, cache } = this;
    const row = store.selectedRow;
    if (!hasValues(row)) return noValues(row);
    if (cache.failure) return failedRequest(store, t("The values could not be read"), cache.failure);
    const matrix = matrixOf(row.shape);
    const active = clampCell(store.state.values, matrix);
    return html`<div class="values">
      <div class="values-columns">
        <div class="values-main">
          ${this.renderTools(row, active)}
          <figure class="fig heat-figure">
            ${
              this.heatmap
                ? html`<qs-heat-map
                    .report=${this.heatmap}
                    .page=${this.view}
                    .block=${this.blockFrame()}
                    .active=${active}
                    @cell-change=${(event: CustomEvent<Cell>) => this.activate(event.detail)}
                  ></qs-heat-map>`
                : nothing
            }
          </figure>
          ${this.renderGrid(row, matrix, active)} ${this.renderReadout(row, active)}
        </div>
        ${
          this.block
            ? html`<qs-block-panel
                .block=${this.block}
                .columns=${matrix.columns}
                .column=${active.column}
                @column-change=${(event: CustomEvent<number>) => this.activate({ row: active.row, column: event.detail })}
              ></qs-block-panel>`
            : nothing
        }
      </div>
    </div>`;
  }

  private get showsCodes(): boolean {
    return this.store.state.codes && this.cache.hasCodes === true;
  }

  private renderTools(row: TensorRow, active: Cell): TemplateResult {
    const { store } = this;
    return html`<div class="values-tools">
        ${
          this.cache.hasCodes
            ? segmented({
                label: t("Show"),
                value: store.state.codes ? "codes" : "decoded",
                options: [
                  { value: "decoded", label: t("Decoded") },
                  { value: "codes", label: t("Codes") },
                ],
                onSelect: (value) => store.setState({ codes: value === "codes" }),
              })
            : nothing
        }
        <span class="field">
          <span class="label" aria-hidden="true">${t("Go to")}</span>
          ${textField({
            label: t("Go to index"),
            className: "go-to",
            value: indexText(active, row.shape),
            onKeyDown: (event, value) => this.onGoTo(event, value, row.shape),
          })}
        </span>
        ${this.showsCodes ? nothing : checkbox({ label: t("Tint cells"), checked: store.state.tint, onChange: (tint) => store.setState({ tint }) })}
        <span class="grow"></span>
        <qs-menu
          icon="copy"
          .label=${t("Copy values")}
          .items=${() => [
            { label: t("Copy cell"), run: () => this.copyCell() },
            { label: t("Copy page"), run: () => this.copyPage() },
          ]}
        ></qs-menu>
      </div>
      ${
        this.wrongIndex
          ? html`<p class="note" role="alert">
              ${t("There is no such index. The shape is {0}; indices start at 0.", row.shape.join(" × "))}
            </p>`
          : nothing
      }`;
  }

  private renderGrid(row: TensorRow, matrix: Matrix, active: Cell): TemplateResult {
    const { store } = this;
    const largest = store.summaries[store.selected ?? -1]?.absMax ?? this.largestInMap();
    return html`<qs-values-grid
      .cache=${this.cache}
      .matrix=${matrix}
      .active=${active}
      .codes=${this.showsCodes}
      .cellStyle=${this.showsCodes ? codeStyle : cellStyle(row.dtype, largest)}
      .tintLimit=${store.state.tint ? (this.heatmap?.limit ?? 0) : 0}
      .revision=${this.cacheRevision}
      @cell-change=${(event: CustomEvent<Cell>) => this.activate(event.detail)}
      @view-change=${(event: CustomEvent<Rectangle>) => (this.view = event.detail)}
      @go-to=${() => this.goTo?.focus()}
      @copy-cell=${() => this.copyCell()}
    ></qs-values-grid>`;
  }

  private renderReadout(row: TensorRow, active: Cell): TemplateResult {
    const value = this.cache.value(active.row, active.column);
    return html`<p class="values-readout mono sm">
      <span class="muted">[${indexText(active, row.shape)}]</span> ${value === undefined ? "" : exactText(value)}
    </p>`;
  }

  private largestInMap(): number | undefined {
    return this.heatmap?.cells.reduce<number>((most, cell) => Math.max(most, Math.abs(cell ?? 0)), 0);
  }

  private blockFrame(): Rectangle | undefined {
    return this.block && { row: this.block.row, rows: 1, column: this.block.column, columns: this.block.values.length };
  }

  private activate(cell: Cell): void {
    this.store.setState({ values: cell });
    const { block } = this;
    const isInBlock = block?.row === cell.row && cell.column >= block.column && cell.column < block.column + block.values.length;
    if (!isInBlock && this.cache.hasCodes !== false) this.loadBlock();
  }

  private onGoTo(event: KeyboardEvent, text: string, shape: readonly number[]): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const cell = parseIndex(text, shape);
    this.wrongIndex = cell === undefined;
    if (!cell) return;
    this.activate(cell);
    this.grid?.revealActive();
    this.grid?.focus();
  }

  private copyCell(): void {
    const { row, column } = this.store.state.values;
    const value = this.showsCodes ? this.cache.code(row, column) : this.cache.value(row, column);
    if (value === undefined) announce(t("This value is still being read."));
    else this.store.copy(String(value));
  }

  private copyPage(): void {
    const view = this.grid?.view;
    if (!view) return;
    const cells = Array.from({ length: view.rows }, (_, y) =>
      Array.from({ length: view.columns }, (_, x) =>
        this.showsCodes ? this.cache.code(view.row + y, view.column + x) : this.cache.value(view.row + y, view.column + x),
      ),
    );
    this.store.copy(toTsv(cells));
  }

  private async fetchHeatmap(tensor: number, matrix: Matrix, signal: AbortSignal): Promise<void> {
    const size = { width: Math.max(1, Math.min(matrix.columns, mapWidth)), height: Math.max(1, Math.min(matrix.rows, mapHeight)) };
    try {
      this.heatmap = await this.store.host.request(editorProtocol.heatmap, { tensor, ...size }, signal);
    } catch {
      // The page below shows the values, or says why it cannot.
    }
  }

  private async fetchBlock(): Promise<void> {
    const { selected, state, selectedRow: row } = this.store;
    if (!row || selected === undefined || !this.isConnected) return;
    this.blockLife.abort();
    this.blockLife = new AbortController();
    try {
      const place = clampCell(state.values, matrixOf(row.shape));
      const block = await this.store.host.request(editorProtocol.block, { tensor: selected, ...place }, this.blockLife.signal);
      this.block = block ?? undefined;
    } catch {
      // Without the block its panel stays as it was; the page above says when the file cannot be read.
    }
  }
}
