import { VirtualizerController } from "@tanstack/lit-virtual";
import type { ReactiveControllerHost } from "lit";

/** The rows of a grid under a heading that stays: only those in view are drawn. */
export class VirtualRows {
  private readonly controller: VirtualizerController<HTMLElement, HTMLElement>;

  /**
   * @param host an element that is drawn again when other rows come into view
   * @param rowHeight pixels of a row of one line
   * @param headerHeight pixels of the heading
   * @param scrollElement what scrolls, once it is there
   */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    private readonly rowHeight: number,
    private readonly headerHeight: number,
    private readonly scrollElement: () => HTMLElement | null,
  ) {
    this.controller = new VirtualizerController<HTMLElement, HTMLElement>(host, {
      count: 0,
      estimateSize: () => rowHeight,
      overscan: 10,
      scrollMargin: headerHeight,
      scrollPaddingStart: headerHeight,
      getScrollElement: () => scrollElement() ?? null,
    });
  }

  /** Says how many rows there are. */
  set count(count: number) {
    const { options } = this.virtualizer;
    if (options.count !== count) this.virtualizer.setOptions({ ...options, count });
  }

  /** Those that are drawn, with their places in pixels below the heading. */
  get items(): { index: number; top: number }[] {
    return this.virtualizer.getVirtualItems().map(({ index, start }) => ({ index, top: start - this.headerHeight }));
  }

  /** Pixels of all rows. */
  get height(): number {
    return this.virtualizer.getTotalSize();
  }

  /** Rows that are in view at a time, less one for the eye to hold on to. */
  get page(): number {
    const { count } = this.virtualizer.options;
    const meanHeight = count > 0 ? this.height / count : this.rowHeight;
    return Math.max(1, Math.floor(((this.scrollElement()?.clientHeight ?? 0) - this.headerHeight) / meanHeight) - 1);
  }

  /** Takes the heights of rows as they are and as they become. Call it when they are drawn, and each says its index in `data-index`. */
  measure(rows: Iterable<HTMLElement>): void {
    for (const row of rows) this.virtualizer.measureElement(row);
    // Lets go of those that are gone.
    this.virtualizer.measureElement(null);
  }

  reveal(index: number): void {
    this.virtualizer.scrollToIndex(index, { align: "auto" });
  }

  private get virtualizer(): ReturnType<VirtualizerController<HTMLElement, HTMLElement>["getVirtualizer"]> {
    return this.controller.getVirtualizer();
  }
}
