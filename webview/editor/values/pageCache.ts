import type { Diagnostic } from "../../../src/core/errors";
import type { ValuesReport } from "../../../src/jobs/contract";
import { editorProtocol } from "../../../src/protocol/editor";
import { type HostConnection, toDiagnostic, Withdrawn } from "../../ui/hostConnection";
import type { Matrix } from "./matrix";

/** Values are fetched in tiles, so that scrolling a little asks for nothing new. */
const tileRows = 64;
const tileColumns = 32;
/** Tiles kept: about 260,000 values. */
const keptTiles = 128;

interface Tile {
  report?: ValuesReport;
  request?: AbortController;
}

/** Rows and columns in view. */
export interface Rectangle {
  row: number;
  rows: number;
  column: number;
  columns: number;
}

/** The part of one tensor's values that is at hand. What comes into view is fetched; what left it is no longer waited for. */
export class PageCache {
  failure: Diagnostic | undefined;
  /** Whether the type has integer codes; undefined before the first answer. */
  hasCodes: boolean | undefined;
  private tiles = new Map<string, Tile>();
  private tensor: number | undefined;
  private revision = -1;
  private matrix: Matrix = { rows: 0, columns: 0 };

  constructor(
    private readonly host: Pick<HostConnection, "request">,
    private readonly changed: () => void,
  ) {}

  /** Turns to a tensor; forgets the values of another one, or of an older content of the file. */
  use(tensor: number, revision: number, matrix: Matrix): void {
    if (tensor === this.tensor && revision === this.revision) return;
    for (const tile of this.tiles.values()) tile.request?.abort();
    this.tiles = new Map();
    this.tensor = tensor;
    this.revision = revision;
    this.matrix = matrix;
    this.failure = undefined;
    this.hasCodes = undefined;
  }

  value(row: number, column: number): number | string | undefined {
    const report = this.reportAt(row, column);
    return report?.values[row - report.row]?.[column - report.column];
  }

  code(row: number, column: number): number | undefined {
    const report = this.reportAt(row, column);
    return report?.codes?.[row - report.row]?.[column - report.column];
  }

  /** Fetches what of the rectangle is missing. */
  show(view: Rectangle): void {
    const wanted = new Set<string>();
    for (let row = startOf(view.row, tileRows); row < Math.min(this.matrix.rows, view.row + view.rows); row += tileRows) {
      for (
        let column = startOf(view.column, tileColumns);
        column < Math.min(this.matrix.columns, view.column + view.columns);
        column += tileColumns
      ) {
        wanted.add(keyOf(row, column));
        this.fetch(row, column);
      }
    }
    this.forget(wanted);
  }

  private reportAt(row: number, column: number): ValuesReport | undefined {
    return this.tiles.get(keyOf(startOf(row, tileRows), startOf(column, tileColumns)))?.report;
  }

  private fetch(row: number, column: number): void {
    const key = keyOf(row, column);
    const known = this.tiles.get(key);
    if (known?.report) {
      // Used now: it is the last to be forgotten.
      this.tiles.delete(key);
      this.tiles.set(key, known);
    }
    if (known || this.tensor === undefined) return;
    const tile: Tile = { request: new AbortController() };
    this.tiles.set(key, tile);
    void this.load(tile, key, this.tensor, row, column);
  }

  private async load(tile: Tile, key: string, tensor: number, row: number, column: number): Promise<void> {
    const rows = Math.min(tileRows, this.matrix.rows - row);
    const columns = Math.min(tileColumns, this.matrix.columns - column);
    const signal = tile.request?.signal;
    try {
      tile.report = await this.host.request(editorProtocol.values, { tensor, row, rows, column, columns }, signal);
      if (signal?.aborted) return;
      this.hasCodes = tile.report.codes !== undefined;
      this.failure = undefined;
    } catch (error) {
      if (signal?.aborted || error instanceof Withdrawn) return;
      this.tiles.delete(key);
      this.failure = toDiagnostic(error);
    }
    tile.request = undefined;
    this.changed();
  }

  private forget(wanted: ReadonlySet<string>): void {
    for (const [key, tile] of this.tiles) {
      const isSurplus = this.tiles.size > keptTiles && tile.report !== undefined;
      if (wanted.has(key) || (!tile.request && !isSurplus)) continue;
      tile.request?.abort();
      this.tiles.delete(key);
    }
  }
}

function startOf(index: number, size: number): number {
  return Math.floor(index / size) * size;
}

function keyOf(row: number, column: number): string {
  return `${row}/${column}`;
}
