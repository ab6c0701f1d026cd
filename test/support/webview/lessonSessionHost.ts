import path from "node:path";
import { type LessonProgress, noProgress } from "../../../src/core/lesson/progress";
import type { LessonPlace } from "../../../src/core/lesson/sections";
import { reasonText } from "../../../src/core/recipe/reasons";
import type { PageHost } from "../../../src/extension/editor/pageSession";
import { Emitter } from "../../../src/extension/emitter";
import { LessonSession } from "../../../src/extension/lesson/lessonSession";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { DocumentPageHost } from "./documentPageHost";

const sampleFolder = path.join(__dirname, "..", "..", "..", "media", "sample");
const sample = path.join(sampleFolder, "model.safetensors");

/** The real thing behind the lesson about the sample or another checkpoint. The memento of its progress is noted, too. */
export class LessonSessionHost extends DocumentPageHost<LessonSession> {
  readonly opened: number[] = [];
  readonly asked: string[] = [];
  start: LessonPlace | undefined;
  strings: Record<string, string> = {};
  tensor: string | undefined;
  private readonly progressChanges = new Emitter<LessonProgress>();

  constructor(
    file = sample,
    public progress = noProgress,
  ) {
    super(file);
  }

  /** Forgets all progress, as its command does. */
  reset(): Promise<void> {
    return this.updateProgress(() => noProgress);
  }

  protected override connect(page: PageHost): LessonSession {
    const current = (): LessonProgress => this.progress;
    return new LessonSession({
      ...page,
      engine: this.measuring.engine,
      subject: () => ({ document: this.document, isSample: this.file === sample, tensor: this.tensor }),
      folder: () => new NodeFolder(this.folder),
      sampleFolder,
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
      save: (name, content) => this.save(name, content),
      openTensor: (index) => Promise.resolve(void this.opened.push(index)),
    });
  }

  private updateProgress(change: (progress: LessonProgress) => LessonProgress): Promise<void> {
    this.progress = change(this.progress);
    this.progressChanges.fire(this.progress);
    return Promise.resolve();
  }
}
