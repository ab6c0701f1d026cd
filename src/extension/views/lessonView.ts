import * as vscode from "vscode";
import { countDone } from "../../core/lesson/progress";
import { type SectionId, sectionIds } from "../../core/lesson/sections";
import { DisposableStore } from "../emitter";
import { viewIds } from "../identifiers";
import type { LessonProgressStore } from "../lesson/lessonProgressStore";
import { sectionTitle } from "../lesson/sectionTitle";

/** The *Lesson* view: the sections of the lesson, and how far the reader is. */
export class LessonView implements vscode.TreeDataProvider<SectionId>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = new vscode.EventEmitter<undefined>();

  readonly onDidChangeTreeData = this.changes.event;

  constructor(private readonly progress: LessonProgressStore) {
    const view = this.store.add(vscode.window.createTreeView(viewIds.lesson, { treeDataProvider: this }));
    this.store.add(this.changes);
    const describe = (): void => {
      view.description = vscode.l10n.t("{0} of {1} done", countDone(progress.current, sectionIds), sectionIds.length);
    };
    describe();
    this.store.add(
      progress.onDidChange(() => {
        describe();
        this.changes.fire(undefined);
      }),
    );
  }

  getChildren(section?: SectionId): SectionId[] {
    return section ? [] : [...sectionIds];
  }

  getTreeItem(section: SectionId): vscode.TreeItem {
    const title = sectionTitle(section);
    const state = this.progress.current.sections[section];
    return Object.assign(new vscode.TreeItem(title), {
      id: section,
      description: state === "done" ? vscode.l10n.t("done") : state === "read" ? vscode.l10n.t("read") : "",
      iconPath:
        state === "done"
          ? new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"))
          : new vscode.ThemeIcon(state === "read" ? "circle-filled" : "circle-outline"),
      command: { command: "quantscope.openLesson", title, arguments: [section] },
    });
  }

  dispose(): void {
    this.store.dispose();
  }
}
