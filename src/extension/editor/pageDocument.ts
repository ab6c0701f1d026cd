/** A page of the extension: the name of its script and style sheet. */
export type PageName = "calibration" | "editor" | "errors" | "estimate" | "gptq" | "lesson" | "perplexity" | "playground" | "preflight";

export interface PageDocument {
  page: PageName;
  title: string;
  /** BCP 47. */
  language: string;
  /** Allows the scripts and the styles of this document and no others. */
  nonce: string;
  /** Whether the host sends the first picture to a page that is new without being asked: see `firstRequest`. */
  isToldFirst: boolean;
  /** Of the page, as built. */
  script: string;
  styles: string;
}

/**
 * Hash of an empty style element. The toolkit inserts one to find out whether `:focus-visible` is known; without this
 * it would draw focus rings on every click.
 */
const emptyStyleHash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** How long a new page waits, once loaded, for what VS Code held back for it until then. */
const heldBackMs = 50;

/**
 * Asks for the page's first picture at once: the host answers while the page's script is compiled. What comes until then
 * is kept. The script gets the same API, which can be acquired only once, with a way to take over.
 *
 * A page that is told first asks only where nothing can have been sent to it: when it is one that VS Code has made again,
 * which is the one with a state, or when nothing has come.
 */
const firstRequest = (isToldFirst: boolean): string => `{
  const messages = [];
  let hasHeard = false;
  const keep = (event) => messages.push(event.data);
  const takeOver = () => {
    removeEventListener("message", keep);
    return messages;
  };
  addEventListener("message", keep);
  addEventListener("message", () => (hasHeard = true), { once: true });
  const api = { ...acquireVsCodeApi(), takeOver };
  globalThis.acquireVsCodeApi = () => api;
  const ask = () => hasHeard || api.postMessage({ jsonrpc: "2.0", id: 0, method: "initialize" });
  if (${isToldFirst} && api.getState() === undefined) addEventListener("load", () => setTimeout(ask, ${heldBackMs}));
  else ask();
}`;

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The document that a page starts from, whole: VS Code serves files to a webview through a service worker, and what a page
 * has asked for is lost for half a minute when the next webview replaces that worker. It holds no data: the page asks for
 * that. Nothing but its own scripts and styles can run, and nothing can be loaded.
 */
export function pageDocument({ page, title, language, nonce, isToldFirst, script, styles }: PageDocument): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${emptyStyleHash}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(language)}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <title>${escapeAttribute(title)}</title>
    <script nonce="${nonce}">${firstRequest(isToldFirst)}</script>
    <style nonce="${nonce}">${styles}</style>
  </head>
  <body data-testid="quantscope-${page}">
    <div id="root"></div>
    <script nonce="${nonce}">${script}</script>
  </body>
</html>
`;
}
