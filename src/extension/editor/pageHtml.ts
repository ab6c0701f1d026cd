import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { pageDocument, type PageName } from "./pageDocument";

/** The document of a page in a webview of VS Code. `pageFolder` is where the pages were built to. */
export function pageHtml(pageFolder: string, page: PageName, title: string, isToldFirst: boolean): string {
  const built = (name: string): string => readFileSync(path.join(pageFolder, name), "utf8");
  return pageDocument({
    page,
    title,
    language: vscode.env.language,
    nonce: randomBytes(24).toString("base64"),
    isToldFirst,
    script: built(`${page}.js`),
    styles: built(`${page}-style.css`),
  });
}
