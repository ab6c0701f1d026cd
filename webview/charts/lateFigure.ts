import type { ReactiveController, ReactiveElement } from "lit";
import { observeTheme } from "../ui/theme";

/** What draws a content on a canvas. */
interface Figure<Content> {
  show(content: Content): void;
  themeChanged(): void;
  dispose(): void;
}

/**
 * The figure of an element: made once there is a canvas to draw on, since the chart library starts with it, drawn again when the
 * content or the theme is another, and let go of when the canvas or the element leaves the page.
 */
export class LateFigure<Content, F extends Figure<Content>> implements ReactiveController {
  private drawn: F | undefined;
  private shown: Content | undefined;
  private stopObserving: (() => void) | undefined;

  /**
   * @param host whose `content` is drawn
   * @param canvas where; null while the element shows no figure
   * @param load what makes the figure
   */
  constructor(
    private readonly host: ReactiveElement & { readonly content: Content },
    private readonly canvas: () => HTMLCanvasElement | null,
    private readonly load: () => Promise<(canvas: HTMLCanvasElement) => F>,
  ) {
    host.addController(this);
  }

  /** Undefined before it is drawn. */
  get figure(): F | undefined {
    return this.drawn;
  }

  hostConnected(): void {
    this.stopObserving = observeTheme(() => this.drawn?.themeChanged());
    if (this.host.hasUpdated) this.hostUpdated();
  }

  hostUpdated(): void {
    if (!this.canvas()) this.release();
    else if (!this.drawn) void this.start();
    else if (this.shown !== this.host.content) this.show(this.drawn);
  }

  hostDisconnected(): void {
    this.stopObserving?.();
    this.release();
  }

  private async start(): Promise<void> {
    const make = await this.load();
    const canvas = this.canvas();
    if (!this.host.isConnected || this.drawn || !canvas) return;
    this.drawn = make(canvas);
    this.show(this.drawn);
  }

  private show(figure: F): void {
    this.shown = this.host.content;
    figure.show(this.shown);
  }

  private release(): void {
    this.drawn?.dispose();
    this.drawn = undefined;
  }
}
