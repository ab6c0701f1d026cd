import * as vscode from "vscode";
import type { PreflightPicture } from "../../protocol/preflight";
import { pageHtml } from "../editor/pageHtml";
import { isRpcMessage } from "../editor/rpcChannel";
import { DisposableStore } from "../emitter";
import { preflightPanelType } from "../identifiers";
import { preflightMarkdown } from "../report/preflightMarkdown";
import type { Services } from "../services";
import { PreflightSession } from "./preflightSession";

/** Shows all that would be written, and waits for the decision. Closing the page is a no. */
export function askPreflight(services: Services, picture: PreflightPicture): Promise<boolean> {
  return new Promise((resolve) => {
    const title = vscode.l10n.t("Pre-flight: {0}", picture.name);
    const panel = vscode.window.createWebviewPanel(preflightPanelType, title, vscode.ViewColumn.Active, {});
    const pages = vscode.Uri.joinPath(services.context.extensionUri, "dist", "webview");
    panel.webview.options = { enableScripts: true, localResourceRoots: [pages] };
    const icons = vscode.Uri.joinPath(services.context.extensionUri, "media", "icons");
    panel.iconPath = { light: vscode.Uri.joinPath(icons, "quantscope.svg"), dark: vscode.Uri.joinPath(icons, "quantscope-dark.svg") };
    const store = new DisposableStore();
    let session: PreflightSession | undefined;
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
      post: (message: object) => panel.webview.postMessage(message),
    };
    store.add(
      panel.webview.onDidReceiveMessage((message: unknown) => {
        if (!isRpcMessage(message)) return services.log.warn("A page sent something that is not a message.");
        if ("method" in message && message.method === "initialize") {
          session?.dispose();
          session = new PreflightSession(host);
        }
        session?.receive(message);
      }),
    );
    store.add(
      panel.onDidDispose(() => {
        session?.dispose();
        store.dispose();
        resolve(false);
      }),
    );
    panel.webview.html = pageHtml(panel.webview, pages, "preflight", title);
  });
}

function markdownText() {
  return {
    title: (name: string, type: string) => vscode.l10n.t("{0} as {1}", name, type),
    size: (bytes: string, bits: string) => vscode.l10n.t("{0} bytes, {1} bits per weight.", bytes, bits),
    columns: [vscode.l10n.t("Tensor"), vscode.l10n.t("Rule"), vscode.l10n.t("From"), vscode.l10n.t("To"), vscode.l10n.t("Bytes")],
  };
}
