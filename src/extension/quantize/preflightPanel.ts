import * as vscode from "vscode";
import type { PreflightPicture } from "../../protocol/preflight";
import { postTo } from "../editor/rpcChannel";
import { WebviewPage } from "../editor/webviewPage";
import { preflightPanelType } from "../identifiers";
import { preflightMarkdown } from "../report/preflightMarkdown";
import type { Services } from "../services";
import { PreflightSession } from "./preflightSession";

/**
 * Shows all that would be written, and waits for the decision. Closing the page is a no.
 *
 * @param uri of the checkpoint: the page opens where its editor is, if it has one
 */
export function askPreflight(services: Services, uri: vscode.Uri, picture: PreflightPicture): Promise<boolean> {
  return new Promise((resolve) => {
    const title = vscode.l10n.t("Pre-flight: {0}", picture.name);
    const column = services.editors.of(uri)[0]?.viewColumn ?? vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(preflightPanelType, title, column, {});
    const host = {
      picture: () => picture,
      decide: (write: boolean) => {
        resolve(write);
        panel.dispose();
      },
      markdown: () => preflightMarkdown(picture, services.numbers, markdownText()),
      copy: async (text: string) => {
        await vscode.env.clipboard.writeText(text);
      },
      reportFailure: services.reportFailure,
      post: postTo(panel.webview),
    };
    const start = (): PreflightSession => new PreflightSession(host);
    const page = new WebviewPage(panel, services, { page: "preflight", title, hasIcon: true, start });
    const ended = panel.onDidDispose(() => {
      page.dispose();
      ended.dispose();
      resolve(false);
    });
  });
}

function markdownText() {
  return {
    title: (name: string, type: string) => vscode.l10n.t("{0} as {1}", name, type),
    size: (bytes: string, bits: string) => vscode.l10n.t("{0} bytes, {1} bits per weight.", bytes, bits),
    columns: [vscode.l10n.t("Tensor"), vscode.l10n.t("Rule"), vscode.l10n.t("From"), vscode.l10n.t("To"), vscode.l10n.t("Bytes")],
  };
}
