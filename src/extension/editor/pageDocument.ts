/** A page of the extension: the name of its script and style sheet. */
export type PageName = "calibration" | "editor" | "errors" | "perplexity" | "preflight";

/** Files that the script of a page imports, by page. Set by the build; absent while it watches, when their names change. */
declare const pageChunks: Record<PageName, string[]> | undefined;

export interface PageDocument {
  page: PageName;
  title: string;
  /** BCP 47. */
  language: string;
  /** Allows the scripts of this document and no others. */
  nonce: string;
  /** Where styles, fonts and pictures may come from, in terms of a content security policy. */
  source: string;
  /** The address of a file of `dist/webview`. */
  asset(name: string): string;
}

/**
 * Hash of an empty style element. The toolkit inserts one to find out whether `:focus-visible` is known; without this
 * it would draw focus rings on every click.
 */
const emptyStyleHash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * Asks for the page's first picture at once: the host answers while the page's script is still loaded. What comes until
 * then is kept. The script gets the same API, which can be acquired only once, with a way to take over.
 */
const firstRequest = `{
  const messages = [];
  const keep = (event) => messages.push(event.data);
  const takeOver = () => {
    removeEventListener("message", keep);
    return messages;
  };
  addEventListener("message", keep);
  const api = { ...acquireVsCodeApi(), takeOver };
  globalThis.acquireVsCodeApi = () => api;
  api.postMessage({ jsonrpc: "2.0", id: 0, method: "initialize" });
}`;

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The document that a page starts from. It holds no data: the page asks for that. Scripts run only with the nonce, styles,
 * fonts and pictures come only from the extension's own folder.
 */
export function pageDocument({ page, title, language, nonce, source, asset }: PageDocument): string {
  const address = (name: string) => escapeAttribute(asset(name));
  const policy = [
    "default-src 'none'",
    // The chunks that the entry imports inherit its nonce.
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} ${emptyStyleHash}`,
    `font-src ${source}`,
    `img-src ${source} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const chunks = typeof pageChunks === "undefined" ? [] : pageChunks[page];
  const preloads = chunks.map((name) => `<link rel="modulepreload" nonce="${nonce}" href="${address(name)}" />`);
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(language)}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <title>${escapeAttribute(title)}</title>
    <script nonce="${nonce}">${firstRequest}</script>
    ${preloads.join("\n    ")}
    <link rel="stylesheet" href="${address(`${page}-style.css`)}" />
  </head>
  <body data-testid="quantscope-${page}">
    <div id="root"></div>
    <script type="module" nonce="${nonce}" src="${address(`${page}.js`)}"></script>
  </body>
</html>
`;
}
