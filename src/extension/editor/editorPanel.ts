import * as vscode from "vscode";
import type { EditorAction, EditorSettings, InitializeResult, RevealRequest } from "../../protocol/editor";
import type { DocumentShare } from "../document/documentStore";
import { DisposableStore } from "../emitter";
import { outputFolder } from "../outputFolder";
import type { Services } from "../services";
import { readSettings, smallCheckpointBytes } from "../settings";
import { postTo } from "./rpcChannel";
import { saveFile } from "./saveFile";
import { histogramChoices } from "./schemeChoices";
import { EditorSession, type SessionHost } from "./editorSession";
import type { OpenEditor } from "./openEditors";
import { WebviewPage } from "./webviewPage";
import { webviewStrings } from "./webviewStrings";

const commandOfAction: Record<EditorAction, string> = {
  compareTypes: "quantscope.compareTypes",
  estimate: "quantscope.estimateSize",
  quantize: "quantscope.quantize",
  exportReport: "quantscope.exportReport",
  openAsText: "quantscope.openAsText",
  showLog: "quantscope.showLog",
  reload: "quantscope.reload",
};

/** One checkpoint editor on the screen: its webview, and a session with whatever page lives in it at the moment. */
export class EditorPanel implements OpenEditor, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly page: WebviewPage<EditorSession>;
  /** Whether a page lives that has its first picture. */
  private isLive = false;
  /** What the page said of it. */
  private selectedName: string | undefined;
  /** What the next page is to show. */
  private wanted: RevealRequest | undefined;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly uri: vscode.Uri,
    private readonly share: DocumentShare,
    private readonly services: Services,
  ) {
    const start = (): EditorSession => new EditorSession(share.document, this.sessionHost());
    this.page = new WebviewPage(panel, services, { page: "editor", title: share.document.name, isToldFirst: true, start });
    this.store.add(panel.onDidDispose(() => this.dispose()));
    // A page that is hidden is gone; the next one says so when it begins.
    this.store.add(panel.onDidChangeViewState(() => (this.isLive &&= panel.visible)));
    this.store.add(share.document.onDidChange(() => this.scanUnasked()));
  }

  get viewColumn(): vscode.ViewColumn | undefined {
    return this.panel.viewColumn;
  }

  get isActive(): boolean {
    return this.panel.active;
  }

  get isReadable(): boolean {
    return this.share.document.content?.kind === "ready";
  }

  get selected(): string | undefined {
    return this.selectedName;
  }

  reveal(view: RevealRequest): void {
    if (this.isLive) this.page.session?.reveal(view);
    else this.wanted = view;
    // Where it is: else VS Code moves it to the group that has the focus.
    this.panel.reveal(this.panel.viewColumn);
  }

  dispose(): void {
    this.page.dispose();
    this.store.dispose();
    this.share.dispose();
  }

  private sessionHost(): SessionHost {
    const { services, uri } = this;
    return {
      engine: () => services.engine.get(),
      settings: () => this.settings(),
      schemes: () => histogramChoices(readSettings(uri).defaultScheme, services.states.find(uri.toString())?.scheme),
      copy: (text) => Promise.resolve(vscode.env.clipboard.writeText(text)),
      save: (name, content) => saveFile(outputFolder(services.context, uri), name, content),
      act: async (action) => {
        await vscode.commands.executeCommand(commandOfAction[action], uri);
      },
      saveState: (state) => {
        services.states.remember(uri.toString(), state).catch((error: unknown) => services.reportFailure(error));
      },
      selected: (tensor) => (this.selectedName = tensor),
      initialized: (result) => this.initialized(result),
      did: (step) => services.walkthrough.done(step),
      reportFailure: (error) => services.reportFailure(error),
      post: postTo(this.panel.webview),
    };
  }

  private settings(): EditorSettings {
    const { histogramBins, defaultScheme } = readSettings(this.uri);
    return {
      locale: vscode.env.language,
      strings: webviewStrings(),
      bins: histogramBins,
      defaultScheme,
      state: this.services.states.find(this.uri.toString()),
    };
  }

  private initialized(result: InitializeResult): void {
    this.isLive = true;
    if (this.wanted) this.page.session?.reveal(this.wanted);
    this.wanted = undefined;
    if (result.kind === "ready") this.services.walkthrough.done("open");
    this.services.editorInitialized.fire({ uri: this.uri, result });
    this.scanUnasked();
  }

  /** Scans a content that is new to the user, if the settings want that. */
  private scanUnasked(): void {
    const content = this.share.document.content;
    if (content?.kind !== "ready" || content.measurements.scanState.kind !== "none") return;
    const { scanOnOpen } = readSettings(this.uri);
    const isSmall = content.snapshot.bytes <= smallCheckpointBytes;
    if (scanOnOpen === "always" || (scanOnOpen === "small" && isSmall)) content.measurements.scan();
  }
}
