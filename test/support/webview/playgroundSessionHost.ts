import path from "node:path";
import type { Message } from "vscode-jsonrpc";
import { listSchemes } from "../../../src/core/quant/registry";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import { JobList } from "../../../src/extension/jobs/jobList";
import { PlaygroundSession } from "../../../src/extension/playground/playgroundSession";
import { playgroundState } from "../../../src/extension/playground/playgroundState";
import { Engine } from "../../../src/jobs/engine";
import type { PlaygroundLinkKind, PlaygroundState } from "../../../src/protocol/playground";
import { diskSource } from "./sessionHost";
import type { PageHost } from "./webviewPage";

const dist = path.join(__dirname, "..", "..", "..", "dist");

/**
 * The real thing behind a Playground: a checkpoint on disk, the real document, session, workers and kernels. Only VS Code itself
 * (clipboard, dialogs, commands) is noted instead of done.
 */
export class PlaygroundSessionHost implements PageHost {
  readonly opened: string[] = [];
  readonly linked: { state: PlaygroundState; kind: PlaygroundLinkKind }[] = [];
  readonly saved: { name: string; content: Uint8Array }[] = [];
  readonly failures: unknown[] = [];
  readonly engine = new Engine({
    workerFile: path.join(dist, "tasks.js"),
    kernelsFile: path.join(dist, "kernels.wasm"),
    threads: 2,
  });
  readonly document: CheckpointDocument;
  state: PlaygroundState;
  session: PlaygroundSession | undefined;

  /**
   * @param file path of the checkpoint
   * @param state what a link says
   */
  constructor(file: string, state: object = {}) {
    this.state = playgroundState(state);
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
    this.session = new PlaygroundSession(this.document, {
      engine: () => Promise.resolve(this.engine),
      schemes: () => listSchemes().map(({ id, label, family }) => ({ id, label, family })),
      page: () => ({ locale: "en", strings: {} }),
      state: () => this.state,
      keep: (state) => (this.state = state),
      copyLink: (state, kind) => Promise.resolve(void this.linked.push({ state, kind })),
      save: (name, content) => Promise.resolve(this.saved.push({ name, content }) > 0),
      openTensor: (name) => Promise.resolve(void this.opened.push(name)),
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
