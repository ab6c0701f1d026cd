/** Pixels a scrolled element may be long; browsers lose precision, and then content, beyond about 33 million. */
const mostPixels = 8_000_000;

/**
 * One direction of a scrolled grid of equal cells. Up to the limit a pixel is a pixel; beyond it the scroll bar maps
 * proportionally, so that the last cell of a billion can still be reached.
 */
export class ScrollAxis {
  /** Cells that are wholly in view, at least one. */
  readonly visible: number;
  /** Length of the scrolled content in pixels, without headers. */
  readonly length: number;

  constructor(
    readonly cells: number,
    cellSize: number,
    private readonly viewport: number,
  ) {
    this.visible = Math.max(1, Math.min(cells, Math.floor(viewport / cellSize)));
    this.length = Math.max(viewport, Math.min(mostPixels, cells * cellSize));
  }

  /** Whether the same scroll positions mean the same cells. */
  equals(other: ScrollAxis): boolean {
    return this.cells === other.cells && this.length === other.length && this.viewport === other.viewport && this.visible === other.visible;
  }

  /** Largest first cell: the last page is full. */
  get lastFirst(): number {
    return Math.max(0, this.cells - this.visible);
  }

  private get scrollable(): number {
    return Math.max(0, this.length - this.viewport);
  }

  /** The first cell in view at a scroll position. */
  firstAt(scroll: number): number {
    if (this.scrollable === 0) return 0;
    const share = Math.min(1, Math.max(0, scroll / this.scrollable));
    return Math.round(share * this.lastFirst);
  }

  /** The scroll position that puts a cell first. */
  scrollOf(first: number): number {
    return this.lastFirst === 0 ? 0 : (Math.min(first, this.lastFirst) / this.lastFirst) * this.scrollable;
  }

  /** The first cell that brings `cell` into view with the least movement from `first`. */
  reveal(cell: number, first: number): number {
    if (cell < first) return cell;
    return cell >= first + this.visible ? Math.min(this.lastFirst, cell - this.visible + 1) : first;
  }
}
