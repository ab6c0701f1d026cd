import { statSync } from "node:fs";
import path from "node:path";
import type { Message } from "vscode-jsonrpc";
import { listSchemes } from "../../../src/core/quant/registry";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import type { CheckpointSource } from "../../../src/extension/document/checkpointSource";
import { EditorSession } from "../../../src/extension/editor/editorSession";
import { JobList } from "../../../src/extension/jobs/jobList";
import { openPath } from "../../../src/io/openPath";
import { Engine } from "../../../src/jobs/engine";
import type { EditorState } from "../../../src/protocol/editorState";
import type { PageHost } from "./webviewPage";

const dist = path.join(__dirname, "..", "..", "..", "dist");

/**
 * The real thing behind a page: a checkpoint on disk, the real document, session, workers and kernels. Only VS Code itself
 * (clipboard, dialogs, commands) is noted instead of done.
 */
export class SessionPageHost implements PageHost {
  readonly copied: string[] = [];
  readonly saved: { name: string; content: Uint8Array }[] = [];
  readonly actions: string[] = [];
  readonly failures: unknown[] = [];
  lastState: EditorState | undefined;
  readonly document: CheckpointDocument;
  private readonly engine = new Engine({
    workerFile: path.join(dist, "tasks.js"),
    kernelsFile: path.join(dist, "kernels.wasm"),
    threads: 2,
  });
  private session: EditorSession | undefined;

  /** @param file path of the checkpoint */
  constructor(file: string) {
    this.document = new CheckpointDocument(diskSource(file), {
      engine: () => Promise.resolve(this.engine),
      jobs: new JobList(),
      cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      bins: () => 128,
      text: { scan: "Scan", scanned: (tensors) => `${tensors} tensors` },
      reportFailure: (error) => this.failures.push(error),
    });
  }

  attach(post: (message: Message) => Promise<void>): void {
    this.session?.dispose();
    this.session = new EditorSession(this.document, {
      engine: () => Promise.resolve(this.engine),
      settings: () => ({ locale: "en", strings: {}, bins: 128, defaultScheme: "int4-g128", state: this.lastState }),
      schemes: () => listSchemes().map(({ id, label, family }) => ({ id, label, family })),
      copy: (text) => Promise.resolve(void this.copied.push(text)),
      save: (name, content) => Promise.resolve(this.saved.push({ name, content }) > 0),
      act: (action) => Promise.resolve(void this.actions.push(action)),
      saveState: (state) => (this.lastState = state),
      initialized: () => undefined,
      did: () => undefined,
      reportFailure: (error) => this.failures.push(error),
      post,
    });
  }

  receive(message: Message): void {
    this.session?.receive(message);
  }

  async dispose(): Promise<void> {
    this.session?.dispose();
    this.document.dispose();
    await this.engine.dispose();
  }
}

/** A checkpoint on the disk, as the document opens it. */
export function diskSource(file: string): CheckpointSource {
  const folder = path.dirname(file);
  return {
    uri: `file://${file}`,
    name: path.basename(file),
    open: () => openPath(file),
    stamp: (name) => {
      const stat = statSync(path.join(folder, name), { throwIfNoEntry: false });
      return Promise.resolve(stat && { bytes: stat.size, mtime: stat.mtimeMs });
    },
  };
}
