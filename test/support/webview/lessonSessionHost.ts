import path from "node:path";
import type { Message } from "vscode-jsonrpc";
import { type LessonProgress, noProgress } from "../../../src/core/lesson/progress";
import type { LessonPlace } from "../../../src/core/lesson/sections";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import { Emitter } from "../../../src/extension/emitter";
import { JobList } from "../../../src/extension/jobs/jobList";
import { LessonSession } from "../../../src/extension/lesson/lessonSession";
import { reasonText } from "../../../src/core/recipe/reasons";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { Engine } from "../../../src/jobs/engine";
import { diskSource } from "./sessionHost";
import type { PageHost } from "./webviewPage";

const root = path.join(__dirname, "..", "..", "..");

/**
 * The real thing behind the lesson: the sample or another checkpoint on disk, the real document, session, workers and
 * kernels. Only VS Code itself (dialogs, editors, memento) is noted instead of done.
 */
export class LessonSessionHost implements PageHost {
  readonly opened: number[] = [];
  readonly asked: string[] = [];
  readonly saved: { name: string; content: Uint8Array }[] = [];
  readonly failures: unknown[] = [];
  progress: LessonProgress;
  start: LessonPlace | undefined;
  strings: Record<string, string> = {};
  readonly engine = new Engine({
    workerFile: path.join(root, "dist", "tasks.js"),
    kernelsFile: path.join(root, "dist", "kernels.wasm"),
    threads: 2,
  });
  readonly document: CheckpointDocument;
  tensor: string | undefined;
  session: LessonSession | undefined;
  private readonly progressChanges = new Emitter<LessonProgress>();

  constructor(
    private readonly file = path.join(root, "media", "sample", "model.safetensors"),
    progress = noProgress,
  ) {
    this.progress = progress;
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
    const current = (): LessonProgress => this.progress;
    this.session = new LessonSession({
      engine: () => Promise.resolve(this.engine),
      subject: () => ({ document: this.document, isSample: true, tensor: this.tensor }),
      folder: () => new NodeFolder(path.dirname(this.file)),
      sampleFolder: path.join(root, "media", "sample"),
      reasonText,
      page: () => ({ locale: "en", strings: this.strings }),
      titleOf: (section) => section,
      takeStart: () => this.start,
      progress: {
        get current() {
          return current();
        },
        update: (change) => this.updateProgress(change),
        onDidChange: this.progressChanges.event,
      },
      chooseCheckpoint: () => Promise.resolve(void this.asked.push("checkpoint")),
      chooseTensor: () => Promise.resolve(void this.asked.push("tensor")),
      certificateTexts: (name, { right, atFirst, of }, completedAt) => ({
        locale: "en",
        lead: "This records that",
        name,
        statement: `answered ${right} of ${of} checks`,
        tiles: [
          { label: "First", value: String(atFirst) },
          { label: "Completed", value: completedAt.slice(0, 10) },
        ],
        note: "Nobody has verified it.",
      }),
      save: (name, content) => Promise.resolve(Boolean(this.saved.push({ name, content }))),
      openTensor: (index) => Promise.resolve(void this.opened.push(index)),
      reportFailure: (error) => this.failures.push(error),
      post,
    });
  }

  /** Forgets all progress, as its command does. */
  reset(): Promise<void> {
    return this.updateProgress(() => noProgress);
  }

  receive(message: Message): void {
    this.session?.receive(message);
  }

  async dispose(): Promise<void> {
    this.session?.dispose();
    this.document.dispose();
    await this.engine.dispose();
  }

  private updateProgress(change: (progress: LessonProgress) => LessonProgress): Promise<void> {
    this.progress = change(this.progress);
    this.progressChanges.fire(this.progress);
    return Promise.resolve();
  }
}
