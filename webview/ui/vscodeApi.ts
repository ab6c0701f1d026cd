/** What VS Code gives to the script of a webview, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
  /**
   * Present where the document has sent the page's first request, which is always `initialize`, before this script was
   * compiled. Returns what came since; from then on nothing is kept.
   */
  takeOver?(): unknown[];
}

declare global {
  /** Only callable once in the life of a page. */
  function acquireVsCodeApi(): VsCodeApi;
}
