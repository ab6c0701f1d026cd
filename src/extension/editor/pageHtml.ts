import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageDocument, type PageName } from "./pageDocument";

/** The document of a page in a webview of VS Code. */
export function pageHtml(webview: vscode.Webview, pageFolder: vscode.Uri, page: PageName, title: string): string {
  return pageDocument({
    page,
    title,
    language: vscode.env.language,
    nonce: randomBytes(24).toString("base64"),
    source: webview.cspSource,
    asset: (name) => webview.asWebviewUri(vscode.Uri.joinPath(pageFolder, name)).toString(),
  });
}
