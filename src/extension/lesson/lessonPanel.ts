import * as vscode from "vscode";
import type { LessonPlace } from "../../core/lesson/sections";
import type { DocumentShare } from "../document/documentStore";
import { folderOf } from "../document/openUri";
import { checkpointTabs } from "../editor/checkpointTabs";
import { lastCheckpoint, selectedTensor } from "../editor/lastCheckpoint";
import { revealTensor } from "../editor/revealTensor";
import { saveFile } from "../editor/saveFile";
import { postTo } from "../editor/rpcChannel";
import { WebviewPage } from "../editor/webviewPage";
import { webviewStrings } from "../editor/webviewStrings";
import { DisposableStore } from "../emitter";
import { readersFolder } from "../outputFolder";
import { localizedReason } from "../quantize/localizedReason";
import type { Services } from "../services";
import { sampleUri } from "../sample";
import { certificateTexts } from "./certificateTexts";
import { type LessonHost, LessonSession } from "./lessonSession";
import { lessonTensors } from "./lessonTensors";
import { sectionTitle } from "./sectionTitle";
import { storedSubject } from "./storedSubject";

/** The lesson page, and the checkpoint that its figures are about. */
export class LessonPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly page: WebviewPage<LessonSession>;
  private subjectEvents = new DisposableStore();

  /**
   * Figures are about the open checkpoint that the reader was at last and the tensor that is selected in it, or else about the sample.
   *
   * @param state what VS Code kept of the page: they are about its checkpoint then, unless that is gone
   * @param start place to show first
   */
  static async open(panel: vscode.WebviewPanel, services: Services, state: unknown, start: LessonPlace | undefined): Promise<LessonPanel> {
    const stored = storedSubject(state);
    const wanted = stored ? vscode.Uri.parse(stored.uri) : await lastCheckpoint(services, checkpointTabs());
    if (wanted) {
      const tensor = stored ? stored.tensor : selectedTensor(services, wanted);
      const share = await services.documents.share(wanted);
      const content = await share.document.whenRead();
      // What nobody chose must have something for figures to be about.
      if (content.kind === "ready" && (stored || lessonTensors(content.checkpoint).length > 0))
        return new LessonPanel(panel, services, share, tensor, start);
      share.dispose();
    }
    return new LessonPanel(panel, services, await services.documents.share(sampleUri(services.context)), undefined, start);
  }

  private constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly services: Services,
    private share: DocumentShare,
    private tensor: string | undefined,
    private start: LessonPlace | undefined,
  ) {
    this.page = new WebviewPage(panel, services, {
      page: "lesson",
      title: panel.title,
      hasIcon: true,
      start: () => new LessonSession(this.host()),
    });
    this.store.add(panel.onDidDispose(() => this.dispose()));
    this.watchSubject();
  }

  /** URI of the checkpoint that figures are about, and the tensor that is wanted of it. */
  get subject(): { uri: string; tensor: string | undefined } {
    return { uri: this.share.document.uri, tensor: this.tensor };
  }

  reveal(place: LessonPlace | undefined): void {
    this.panel.reveal();
    if (place === undefined) return;
    // A hidden page is made anew when it is shown: it asks where to begin.
    if (this.panel.visible && this.page.session) this.page.session.openPlace(place);
    else this.start = place;
  }

  dispose(): void {
    this.page.dispose();
    this.subjectEvents.dispose();
    this.store.dispose();
    this.share.dispose();
  }

  private watchSubject(): void {
    this.subjectEvents.dispose();
    this.subjectEvents = new DisposableStore();
    this.subjectEvents.add(this.share.document.onDidChange(() => this.page.session?.subjectChanged()));
  }

  private host(): LessonHost {
    const { services } = this;
    return {
      engine: () => services.engine.get(),
      subject: () => ({ document: this.share.document, isSample: this.isSample(this.share.document.uri), tensor: this.tensor }),
      folder: () => folderOf(vscode.Uri.parse(this.share.document.uri)),
      sampleFolder: vscode.Uri.joinPath(sampleUri(services.context), "..").fsPath,
      reasonText: localizedReason,
      page: () => ({ locale: vscode.env.language, strings: webviewStrings() }),
      titleOf: sectionTitle,
      takeStart: () => {
        const { start } = this;
        this.start = undefined;
        return start;
      },
      progress: services.lessonProgress,
      chooseCheckpoint: () => this.chooseCheckpoint(),
      chooseTensor: () => this.chooseTensor(),
      certificateTexts,
      save: (name, content) => saveFile(readersFolder(), name, content),
      openTensor: (index) => revealTensor(services, this.share.document, vscode.Uri.parse(this.share.document.uri), index),
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }

  private isSample(uri: string): boolean {
    return uri === sampleUri(this.services.context).toString();
  }

  private async chooseCheckpoint(): Promise<void> {
    const { services } = this;
    const sample = sampleUri(services.context);
    const open = [...services.editors.all.map(({ uri }) => uri), ...checkpointTabs()].filter((uri) => !this.isSample(uri.toString()));
    const uris = [sample, ...new Map(open.map((uri) => [uri.toString(), uri])).values()];
    const picked = await vscode.window.showQuickPick(
      uris.map((uri) => ({
        label: this.isSample(uri.toString()) ? vscode.l10n.t("Sample checkpoint") : uri.path.slice(uri.path.lastIndexOf("/") + 1),
        description: this.isSample(uri.toString()) ? "" : vscode.workspace.asRelativePath(uri),
        uri,
      })),
      { placeHolder: vscode.l10n.t("Figures use this checkpoint: the sample, or one that is open in an editor") },
    );
    if (!picked || picked.uri.toString() === this.share.document.uri) return;
    const share = await services.documents.share(picked.uri);
    try {
      await share.document.whenReadable();
    } catch (error) {
      share.dispose();
      throw error;
    }
    this.share.dispose();
    this.share = share;
    this.tensor = undefined;
    this.watchSubject();
    this.page.session?.subjectChanged();
  }

  private async chooseTensor(): Promise<void> {
    const { document } = this.share;
    const { checkpoint } = await document.whenReadable();
    const items = lessonTensors(checkpoint).map((index) => {
      const { name, shape, dtype } = checkpoint.tensors[index]!;
      return { label: name, description: `${dtype} · ${shape.join(" × ")}` };
    });
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Figures use this tensor") });
    if (!picked || document !== this.share.document) return;
    this.tensor = picked.label;
    this.page.session?.subjectChanged();
  }
}
