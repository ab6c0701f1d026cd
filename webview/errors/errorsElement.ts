import { property } from "lit/decorators.js";
import { LightElement } from "../ui/lightElement";
import type { ErrorsStore } from "./store";

/** An element that draws a part of what the store knows, again after every change. */
export class ErrorsElement extends LightElement {
  @property({ attribute: false }) store!: ErrorsStore;
  private unsubscribe: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unsubscribe = this.store.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
  }
}
