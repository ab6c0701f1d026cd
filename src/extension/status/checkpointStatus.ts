import * as vscode from "vscode";
import type { CheckpointSnapshot } from "../../protocol/editor";
import { DisposableStore } from "../emitter";
import type { NumberText } from "../numberText";
import type { ActiveCheckpoint } from "./activeCheckpoint";

/** The status bar's summary of the active checkpoint: `Llama · 4.20 M weights · 16.0 bits/weight`. */
export class CheckpointStatus implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item: vscode.StatusBarItem;

  constructor(
    private readonly active: ActiveCheckpoint,
    private readonly numbers: NumberText,
  ) {
    this.item = this.store.add(vscode.window.createStatusBarItem("quantscope.checkpoint", vscode.StatusBarAlignment.Right, 100));
    this.item.name = vscode.l10n.t("Quantscope: Checkpoint");
    this.item.command = "quantscope.estimateSize";
    this.store.add(active.onDidChange(() => this.update()));
  }

  /** What the bar shows now; undefined while it shows nothing. */
  get text(): string | undefined {
    const content = this.active.content;
    return content?.kind === "ready" ? this.summary(content.snapshot) : undefined;
  }

  dispose(): void {
    this.store.dispose();
  }

  private update(): void {
    const { text } = this;
    if (text === undefined) {
      this.item.hide();
      return;
    }
    this.item.text = text;
    this.item.tooltip = vscode.l10n.t("Estimate its size in other types");
    this.item.show();
  }

  private summary({ architecture, parameters, bitsPerWeight }: CheckpointSnapshot): string {
    const name = architecture && architecture.charAt(0).toUpperCase() + architecture.slice(1);
    const weights = parameters === 1 ? vscode.l10n.t("1 weight") : vscode.l10n.t("{0} weights", this.numbers.count(parameters));
    const bits = parameters > 0 && vscode.l10n.t("{0} bits/weight", this.numbers.significant(bitsPerWeight));
    return [name, weights, bits].filter(Boolean).join(" · ");
  }
}
