import { property } from "lit/decorators.js";
import { LightElement } from "./lightElement";

/** What tells its elements that something changed. */
interface Subscribable {
  /** @returns how to stop */
  subscribe(listener: () => void): () => void;
}

/** An element that shows a part of what a store knows, and is drawn again when the store changed. */
export abstract class SubscribedElement<S extends Subscribable> extends LightElement {
  @property({ attribute: false }) store!: S;
  private unsubscribe: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unsubscribe = this.store.subscribe(() => this.storeChanged());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
  }

  /** Called after every change of the store, before anything is drawn. */
  protected storeChanged(): void {
    this.requestUpdate();
  }
}
