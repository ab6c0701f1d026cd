import { property } from "lit/decorators.js";
import { LightElement } from "../ui/lightElement";
import type { EditorStore } from "./store";

/** An element that shows a part of the store and is drawn again when the store changed. */
export class StoreElement extends LightElement {
  @property({ attribute: false }) store!: EditorStore;
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
