import * as vscode from "vscode";
import { DisposableStore } from "../emitter";
import { viewIds } from "../identifiers";
import type { JobList } from "../jobs/jobList";
import { percentText } from "./jobText";

/** The one status bar item while jobs run: the oldest of them, and how many more there are. */
export class JobStatus implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item: vscode.StatusBarItem;

  constructor(private readonly jobs: JobList) {
    this.item = this.store.add(vscode.window.createStatusBarItem("quantscope.jobs", vscode.StatusBarAlignment.Left, 0));
    this.item.name = vscode.l10n.t("Quantscope: Jobs");
    this.item.command = `${viewIds.jobs}.focus`;
    this.item.tooltip = vscode.l10n.t("Show jobs");
    this.store.add(jobs.onDidChange(() => this.update()));
  }

  dispose(): void {
    this.store.dispose();
  }

  private update(): void {
    const { running } = this.jobs;
    const job = running[running.length - 1];
    if (job?.state.kind !== "running") {
      this.item.hide();
      return;
    }
    const { doneBytes, totalBytes } = job.state;
    const more = running.length > 1 ? ` +${running.length - 1}` : "";
    this.item.text = `$(loading~spin) ${job.title} ${job.target} ${percentText(doneBytes, totalBytes)}${more}`;
    this.item.show();
  }
}
