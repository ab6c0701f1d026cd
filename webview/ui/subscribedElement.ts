import { property } from "lit/decorators.js";
import { LightElement } from "./lightElement";

/** What tells its elements that something changed. */
interface Subscribable {
  /** @returns how to stop */
  subscribe(listener: () => void): () => void;
}

/** An element that draws a part of what a store knows, again after every change. */
export abstract class SubscribedElement<S extends Subscribable> extends LightElement {
  @property({ attribute: false }) store!: S;
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
