import type * as vscode from "vscode";
import { type LessonProgress, noProgress, parseProgress } from "../../core/lesson/progress";
import { type Disposable, Emitter } from "../emitter";

const storageKey = "quantscope.lessonProgress";

/** How far the reader is: the same in all windows, and on all machines that VS Code synchronizes. */
export class LessonProgressStore implements Disposable {
  private readonly changes = new Emitter<LessonProgress>();

  readonly onDidChange = this.changes.event;
  /** Ends with the last change that was asked for. */
  private pending: Promise<void> = Promise.resolve();

  constructor(private readonly memento: vscode.Memento & { setKeysForSync(keys: readonly string[]): void }) {
    memento.setKeysForSync([storageKey]);
  }

  /** As stored now: another window may have changed it. */
  get current(): LessonProgress {
    return parseProgress(this.memento.get<unknown>(storageKey));
  }

  /**
   * Changes what is stored, one change after the other: VS Code tells of each value that it has stored, and that of a change
   * before would take the place of the last one until its own arrives.
   */
  update(change: (progress: LessonProgress) => LessonProgress): Promise<void> {
    const result = this.pending.then(() => this.store(change));
    this.pending = result.catch(() => undefined);
    return result;
  }

  reset(): Promise<void> {
    return this.update(() => noProgress);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async store(change: (progress: LessonProgress) => LessonProgress): Promise<void> {
    const before = this.current;
    const after = change(before);
    if (after === before) return;
    await this.memento.update(storageKey, after);
    this.changes.fire(after);
  }
}
