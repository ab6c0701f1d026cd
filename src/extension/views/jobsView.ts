import * as vscode from "vscode";
import { DisposableStore } from "../emitter";
import { treeItemKinds, viewIds } from "../identifiers";
import type { JobEntry, JobList } from "../jobs/jobList";
import type { NumberText } from "../numberText";
import { percentText } from "../status/jobText";

/** The *Jobs* view: what runs, how far it is, and what came of what ran before. */
export class JobsView implements vscode.TreeDataProvider<JobEntry>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = new vscode.EventEmitter<undefined>();

  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly jobs: JobList,
    private readonly numbers: NumberText,
  ) {
    const view = this.store.add(vscode.window.createTreeView(viewIds.jobs, { treeDataProvider: this }));
    this.store.add(this.changes);
    this.store.add(
      jobs.onDidChange(() => {
        this.changes.fire(undefined);
        const running = jobs.running.length;
        view.badge = running > 0 ? { value: running, tooltip: vscode.l10n.t("{0} running", running) } : undefined;
      }),
    );
  }

  getChildren(job?: JobEntry): JobEntry[] {
    return job ? [] : [...this.jobs.entries];
  }

  getTreeItem(job: JobEntry): vscode.TreeItem {
    const item = new vscode.TreeItem(`${job.title} ${job.target}`);
    return Object.assign(item, {
      id: String(job.id),
      tooltip: [vscode.Uri.parse(job.uri).path, job.state.kind === "failed" ? job.state.message : undefined].filter(Boolean).join("\n"),
      command: { command: "quantscope.openWith", title: "", arguments: [vscode.Uri.parse(job.uri)] },
      ...this.appearance(job),
    });
  }

  dispose(): void {
    this.store.dispose();
  }

  private appearance({ state }: JobEntry): Pick<vscode.TreeItem, "description" | "iconPath" | "contextValue"> {
    switch (state.kind) {
      case "running":
        return {
          description: this.runningText(state.doneBytes, state.totalBytes),
          iconPath: new vscode.ThemeIcon("loading~spin"),
          contextValue: treeItemKinds.runningJob,
        };
      case "done":
        return {
          description: state.result,
          iconPath: new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed")),
          contextValue: treeItemKinds.finishedJob,
        };
      case "failed":
        return {
          description: state.message,
          iconPath: new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed")),
          contextValue: treeItemKinds.failedJob,
        };
      case "cancelled":
        return {
          description: vscode.l10n.t("cancelled"),
          iconPath: new vscode.ThemeIcon("circle-slash"),
          contextValue: treeItemKinds.finishedJob,
        };
    }
  }

  private runningText(doneBytes: number, totalBytes: number): string {
    const percent = percentText(doneBytes, totalBytes);
    return totalBytes > 0 ? vscode.l10n.t("{0} of {1}", percent, this.numbers.bytes(totalBytes)) : percent;
  }
}
