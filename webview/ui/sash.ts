import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { LightElement } from "./lightElement";

/** Pixels that one press of an arrow key moves, and with Shift. */
const step = 10;
const bigStep = 60;

/**
 * The line between two panes. Dragging and arrow keys move it, a double click or Enter puts it back. It only reports where
 * it should go: events `sash-move` (detail: pixels from the start of the container) and `sash-reset`.
 */
@customElement("qs-sash")
export class Sash extends LightElement {
  @property() label = "";
  /** True when the panes lie side by side, so that the line stands upright. */
  @property({ type: Boolean }) vertical = true;
  /** Where it is, in percent, for assistive technology. */
  @property({ type: Number }) percent = 50;

  override render(): TemplateResult {
    return html`<div
      class="sash ${this.vertical ? "sash-vertical" : "sash-horizontal"}"
      role="separator"
      tabindex="0"
      aria-label=${this.label}
      aria-orientation=${this.vertical ? "vertical" : "horizontal"}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(this.percent)}
      @pointerdown=${this.onPointerDown}
      @dblclick=${() => this.reset()}
      @keydown=${this.onKeyDown}
    ></div>`;
  }

  private reset(): void {
    this.dispatchEvent(new CustomEvent("sash-reset"));
  }

  private moveTo(pixels: number): void {
    this.dispatchEvent(new CustomEvent<number>("sash-move", { detail: pixels }));
  }

  /** Pixels from the start of the container to a point, along the direction of the split. */
  private distance(x: number, y: number): number {
    const box = this.parentElement?.getBoundingClientRect();
    if (!box) return 0;
    return this.vertical ? x - box.left : y - box.top;
  }

  private readonly onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const line = event.currentTarget as HTMLElement;
    line.setPointerCapture(event.pointerId);
    line.classList.add("dragging");
    const move = (moved: PointerEvent): void => this.moveTo(this.distance(moved.clientX, moved.clientY));
    const end = (): void => {
      line.classList.remove("dragging");
      line.removeEventListener("pointermove", move);
    };
    line.addEventListener("pointermove", move);
    line.addEventListener("lostpointercapture", end, { once: true });
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const back = this.vertical ? "ArrowLeft" : "ArrowUp";
    const forward = this.vertical ? "ArrowRight" : "ArrowDown";
    const line = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const here = this.distance(line.left + line.width / 2, line.top + line.height / 2);
    const size = event.shiftKey ? bigStep : step;
    if (event.key === back) this.moveTo(here - size);
    else if (event.key === forward) this.moveTo(here + size);
    else if (event.key === "Home") this.moveTo(0);
    else if (event.key === "End") this.moveTo(Number.MAX_SAFE_INTEGER);
    else if (event.key === "Enter") this.reset();
    else return;
    event.preventDefault();
  };
}
