import * as vscode from "vscode";
import type { ReadyContent } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { type Disposable, DisposableStore } from "../emitter";
import type { Services } from "../services";
import type { PageName } from "./pageDocument";
import type { PageSession } from "./pageSession";
import { webviewStrings } from "./webviewStrings";
import { WebviewPage } from "./webviewPage";

/**
 * A page about one checkpoint, with what is measured of the checkpoint's content: that stays when the page is hidden, and is made anew
 * when the file changes.
 */
export abstract class MeasuredPanel<S extends PageSession, M extends Disposable> implements vscode.Disposable {
  private readonly store = new DisposableStore();
  protected readonly page: WebviewPage<S>;
  protected current: M | undefined;

  constructor(
    protected readonly panel: vscode.WebviewPanel,
    readonly uri: vscode.Uri,
    protected readonly share: DocumentShare,
    protected readonly services: Services,
    page: PageName,
  ) {
    this.page = new WebviewPage(panel, services, { page, title: panel.title, hasIcon: true, start: () => this.start() });
    this.store.add(panel.onDidDispose(() => this.dispose()));
    this.store.add(share.document.onDidChange(() => this.contentChanged()));
  }

  /** A session with a page that has just begun. */
  protected abstract start(): S;
  /** What can be measured of a content. */
  protected abstract make(content: ReadyContent): M;
  /** Shows everything again: the content is another, and what was measured is forgotten. */
  protected abstract contentChanged(): void;

  /** What is measured; undefined where there is nothing to measure. */
  protected get subject(): M | undefined {
    const { content } = this.share.document;
    if (!this.current && content?.kind === "ready") this.current = this.make(content);
    return this.current;
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    this.page.dispose();
    this.forget();
    this.store.dispose();
    this.share.dispose();
  }

  protected forget(): void {
    this.current?.dispose();
    this.current = undefined;
  }

  protected pageTexts(): { locale: string; strings: Record<string, string> } {
    return { locale: vscode.env.language, strings: webviewStrings() };
  }
}
