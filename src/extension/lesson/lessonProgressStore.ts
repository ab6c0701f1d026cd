import type * as vscode from "vscode";
import { type LessonProgress, noProgress, parseProgress } from "../../core/lesson/progress";
import { type Disposable, Emitter } from "../emitter";

const storageKey = "quantscope.lessonProgress";

/** How far the reader is: the same in all windows, and on all machines that VS Code synchronizes. */
export class LessonProgressStore implements Disposable {
  private readonly changes = new Emitter<LessonProgress>();

  readonly onDidChange = this.changes.event;

  constructor(private readonly memento: vscode.Memento & { setKeysForSync(keys: readonly string[]): void }) {
    memento.setKeysForSync([storageKey]);
  }

  /** As stored now: another window may have changed it. */
  get current(): LessonProgress {
    return parseProgress(this.memento.get<unknown>(storageKey));
  }

  async update(change: (progress: LessonProgress) => LessonProgress): Promise<void> {
    const before = this.current;
    const after = change(before);
    if (after === before) return;
    await this.memento.update(storageKey, after);
    this.changes.fire(after);
  }

  reset(): Promise<void> {
    return this.update(() => noProgress);
  }

  dispose(): void {
    this.changes.dispose();
  }
}
