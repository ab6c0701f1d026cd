import * as vscode from "vscode";
import { DisposableStore } from "../emitter";
import type { Services } from "../services";
import type { PageName } from "./pageDocument";
import { pageHtml } from "./pageHtml";
import type { PageSession } from "./pageSession";
import { isRpcMessage } from "./rpcChannel";

/** What a page asks first, and always with this number. */
const firstRequest = { jsonrpc: "2.0", id: 0, method: "initialize" };

export interface WebviewPageOptions<S extends PageSession> {
  page: PageName;
  title: string;
  /** Whether the tab gets the picture of the extension: those of custom editors have that of their file. */
  hasIcon?: boolean;
  /**
   * Whether the first picture is made and sent while VS Code still prepares the webview, and not when the page asks: for
   * pages whose content is at hand. They keep a state from their first picture on.
   */
  isToldFirst?: boolean;
  /** A session with a page that has just begun. */
  start(): S;
}

/** What a panel shows: one of our pages, and a session with whatever page lives in it at the moment. */
export class WebviewPage<S extends PageSession> implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private current: S | undefined;
  private isDisposed = false;

  constructor(
    panel: vscode.WebviewPanel,
    private readonly services: Pick<Services, "context" | "log">,
    private readonly options: WebviewPageOptions<S>,
  ) {
    const { extensionUri } = services.context;
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    const icons = vscode.Uri.joinPath(extensionUri, "media", "icons");
    // A tab's picture does not take the colour of its text.
    if (options.hasIcon)
      panel.iconPath = { light: vscode.Uri.joinPath(icons, "quantscope.svg"), dark: vscode.Uri.joinPath(icons, "quantscope-dark.svg") };
    this.store.add(panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    panel.webview.html = pageHtml(
      vscode.Uri.joinPath(extensionUri, "dist", "webview").fsPath,
      options.page,
      options.title,
      options.isToldFirst === true,
    );
    // Not before whoever makes the page has it.
    if (options.isToldFirst) queueMicrotask(() => this.receive(firstRequest));
  }

  /** The session with the page, once it has begun. */
  get session(): S | undefined {
    return this.current;
  }

  dispose(): void {
    this.isDisposed = true;
    this.current?.dispose();
    this.current = undefined;
    this.store.dispose();
  }

  private receive(message: unknown): void {
    if (this.isDisposed) return;
    if (!isRpcMessage(message)) {
      this.services.log.warn("A page sent something that is not a message.");
      return;
    }
    // VS Code destroys hidden pages and makes new ones. A new page counts its requests from the start, so it must not
    // get answers that were meant for the one before.
    if ("method" in message && message.method === "initialize") {
      this.current?.dispose();
      this.current = this.options.start();
    }
    this.current?.receive(message);
  }
}
