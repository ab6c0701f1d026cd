import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { LightElement } from "../ui/lightElement";
import { ObservedWidth } from "../ui/observedWidth";

/** The least width that a figure is drawn for; below it the drawing is scaled after all. */
const narrowest = 320;

/** From here on a figure has room for labels beside its marks. */
const roomyWidth = 640;

/** Whether a figure of this width has room for labels beside its marks. */
export function isRoomy(width: number): boolean {
  return width >= roomyWidth;
}

/**
 * A drawing that is made for the width it has: where that is small, marks move together and ticks become fewer, but the text stays
 * as large as it is. An SVG that is scaled instead cannot be read in a narrow window or when the page is magnified.
 */
@customElement("qs-fitted")
export class FittedDrawing extends LightElement {
  /** Draws for a width in pixels. */
  @property({ attribute: false }) draw!: (width: number) => TemplateResult;
  @property({ type: Number }) widest = 860;
  @state() private room = 0;

  constructor() {
    super();
    new ObservedWidth(this, (width) => (this.room = Math.floor(width)));
  }

  override render(): TemplateResult {
    // Before anything was observed: what the layout gives, so that the first drawing fits.
    const room = this.room || this.clientWidth || this.widest;
    return this.draw(Math.max(narrowest, Math.min(this.widest, room)));
  }
}

/** A drawing for the width that the place has. @param widest in pixels, what it is drawn for where there is more */
export function fitted(widest: number, draw: (width: number) => TemplateResult): TemplateResult {
  return html`<qs-fitted .widest=${widest} .draw=${draw}></qs-fitted>`;
}
