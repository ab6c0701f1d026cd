import type * as vscode from "vscode";
import type { CheckpointDocument, DocumentContent } from "../document/checkpointDocument";
import type { DocumentStore } from "../document/documentStore";
import type { OpenEditors } from "../editor/openEditors";
import { type Disposable, DisposableStore, Emitter } from "../emitter";

/** Follows the active checkpoint editor: which document it shows, and what happens to it. */
export class ActiveCheckpoint implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = new Emitter<void>();
  private follow = new DisposableStore();

  /** Another editor is active, its document was read, or its scan began or ended. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly editors: OpenEditors,
    private readonly documents: DocumentStore,
    private readonly reportFailure: (error: unknown) => void,
  ) {
    this.store.add(editors.onDidChange(() => this.update()));
    this.store.add(documents.onDidChange(() => this.update()));
  }

  get uri(): vscode.Uri | undefined {
    return this.editors.active?.uri;
  }

  get document(): CheckpointDocument | undefined {
    return this.uri && this.documents.find(this.uri);
  }

  get content(): DocumentContent | undefined {
    return this.document?.content;
  }

  get isScanning(): boolean {
    const { content } = this;
    return content?.kind === "ready" && content.measurements.scanState.kind === "running";
  }

  dispose(): void {
    this.follow.dispose();
    this.store.dispose();
    this.changes.dispose();
  }

  private update(): void {
    this.follow.dispose();
    this.follow = new DisposableStore();
    const { document, content, follow } = this;
    if (document) {
      follow.add(document.onDidChange(() => this.update()));
      if (!content) this.awaitContent(document, follow);
    }
    if (content?.kind === "ready") follow.add(content.measurements.onDidChangeScan(() => this.changes.fire()));
    this.changes.fire();
  }

  private awaitContent(document: CheckpointDocument, follow: DisposableStore): void {
    document.whenRead().then(() => {
      if (!follow.isDisposed) this.update();
    }, this.reportFailure);
  }
}
