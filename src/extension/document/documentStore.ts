import type * as vscode from "vscode";
import { type Disposable, DisposableStore, Emitter } from "../emitter";
import type { CheckpointDocument } from "./checkpointDocument";

/** A share in a document. The document lives until its last share is disposed. */
export interface DocumentShare extends Disposable {
  readonly document: CheckpointDocument;
}

interface Entry {
  readonly opening: Promise<{ document: CheckpointDocument; watcher: Disposable }>;
  shares: number;
}

/** Makes a document and what watches its files. */
export type DocumentFactory = (uri: vscode.Uri) => Promise<{ document: CheckpointDocument; watcher: Disposable }>;

/** The documents of this window: one a URI, shared by all editors, views and commands that show it. */
export class DocumentStore implements Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly open = new Map<string, CheckpointDocument>();
  private readonly changes = new Emitter<void>();

  /** A document was opened or closed. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly create: DocumentFactory) {}

  /** The document of a URI, if it is open. */
  find(uri: vscode.Uri): CheckpointDocument | undefined {
    return this.open.get(uri.toString());
  }

  get documents(): readonly CheckpointDocument[] {
    return [...this.open.values()];
  }

  async share(uri: vscode.Uri): Promise<DocumentShare> {
    const key = uri.toString();
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { opening: this.create(uri), shares: 0 };
      this.entries.set(key, entry);
    }
    entry.shares += 1;
    const owner = entry;
    let released = false;
    const dispose = () => {
      if (released) return;
      released = true;
      this.release(key, owner);
    };
    try {
      const { document } = await entry.opening;
      if (this.open.get(key) !== document) {
        this.open.set(key, document);
        this.changes.fire();
      }
      return { document, dispose };
    } catch (error) {
      dispose();
      throw error;
    }
  }

  dispose(): void {
    const all = new DisposableStore();
    for (const document of this.open.values()) all.add(document);
    this.open.clear();
    this.entries.clear();
    all.dispose();
    this.changes.dispose();
  }

  private release(key: string, entry: Entry): void {
    entry.shares -= 1;
    if (entry.shares > 0) return;
    if (this.entries.get(key) === entry) this.entries.delete(key);
    void entry.opening.then(
      ({ document, watcher }) => {
        if (this.open.get(key) === document) this.open.delete(key);
        watcher.dispose();
        document.dispose();
        this.changes.fire();
      },
      () => undefined,
    );
  }
}
