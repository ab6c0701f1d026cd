import { LitElement } from "lit";

/** A Lit element without a shadow root, so that the page's style sheet reaches its contents and ids work across elements. */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
