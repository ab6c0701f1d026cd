import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/**
 * Hash of an empty style element. The toolkit inserts one to find out whether `:focus-visible` is known; without this
 * it would draw focus rings on every click.
 */
const emptyStyleHash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A page of the extension: the name of its script and style sheet. */
export type PageName = "editor" | "errors" | "preflight";

/**
 * The document that a page starts from. It holds no data: the page asks for that. Scripts run only with the nonce, styles,
 * fonts and pictures come only from the extension's own folder.
 */
export function pageHtml(webview: vscode.Webview, pageFolder: vscode.Uri, page: PageName, title: string): string {
  const nonce = randomBytes(24).toString("base64");
  const source = webview.cspSource;
  const asset = (name: string) => escapeAttribute(webview.asWebviewUri(vscode.Uri.joinPath(pageFolder, name)).toString());
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
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(vscode.env.language)}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <title>${escapeAttribute(title)}</title>
    <link rel="stylesheet" href="${asset(`${page}-style.css`)}" />
  </head>
  <body data-testid="quantscope-${page}">
    <div id="root"></div>
    <script type="module" nonce="${nonce}" src="${asset(`${page}.js`)}"></script>
  </body>
</html>
`;
}
