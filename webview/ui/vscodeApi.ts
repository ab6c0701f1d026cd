/** What VS Code gives to the script of a webview, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  /** Only callable once in the life of a page. */
  function acquireVsCodeApi(): VsCodeApi;
}
