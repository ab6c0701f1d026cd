import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import type { EstimateRow } from "../../core/estimate/estimateSize";
import type { ModelShapes } from "../../core/estimate/modelShapes";
import { browseFor } from "../commands/browse";
import { estimateFile, type EstimateFile } from "../commands/estimateFile";
import { type Disposable, DisposableStore } from "../emitter";
import { notificationText } from "../errorText";
import type { Services } from "../services";
import { answerEstimate, type EstimateAnswer } from "./estimateAnswer";
import { configAt, shapesAt } from "./estimateSubject";
import { nameAndExplanation, remarkableNote, sizeText } from "./estimateText";
import { localizedTexts } from "./localizedTexts";

interface EstimateItem extends vscode.QuickPickItem {
  /** What Enter does. Nothing for hints. */
  choose?(): void | Promise<void>;
}

/** Lines that show what can be typed. */
const examples = ["7B", "13b q4_k_m", "70b q4_k_m 8k", "8b int4 32k", "6.74e9", "qwen3-30b-a3b 32k"];

/** *Estimate Size*: answers with every key stroke. One picker is one use of the command. */
export class EstimatePicker implements Disposable {
  private readonly store = new DisposableStore();
  private readonly picker: vscode.QuickPick<EstimateItem>;
  private readonly closed: Promise<void>;
  private subject: (EstimateFile & { shapes: ModelShapes; uncounted: string[] }) | undefined;
  private answer: EstimateAnswer | undefined;
  /** A dialog or another picker is open in front: that this one is hidden does not mean that it is done with. */
  private isAsking = false;

  private readonly fileButton = { iconPath: new vscode.ThemeIcon("file"), tooltip: vscode.l10n.t("Choose a File...") };
  private readonly folderButton = { iconPath: new vscode.ThemeIcon("folder"), tooltip: vscode.l10n.t("Choose a Folder...") };
  private readonly estimatorButton = { iconPath: new vscode.ThemeIcon("table"), tooltip: vscode.l10n.t("Open in the Size Estimator") };

  /** @param openEstimator shows the Size Estimator with fields of an `EstimateChoice` */
  constructor(
    private readonly services: Services,
    private readonly openEstimator: (choice: object) => Promise<unknown>,
  ) {
    this.picker = this.store.add(vscode.window.createQuickPick<EstimateItem>());
    this.picker.placeholder = vscode.l10n.t("A number of weights, types and a context length: 70b q4_k_m 8k");
    this.picker.matchOnDescription = false;
    this.store.add(this.picker.onDidChangeValue(() => this.update()));
    this.store.add(this.picker.onDidAccept(() => this.attempt(async () => this.picker.activeItems[0]?.choose?.())));
    this.store.add(this.picker.onDidTriggerButton((button) => this.attempt(() => this.press(button))));
    this.closed = new Promise((resolve) => this.store.add(this.picker.onDidHide(() => void (this.isAsking || resolve()))));
  }

  /** Shows the picker with a line typed, or a checkpoint chosen; resolves when it is closed. */
  async show(line: string, uri: vscode.Uri | undefined): Promise<void> {
    this.picker.value = line;
    this.picker.show();
    if (uri) await this.choose(uri);
    else this.update();
    await this.closed;
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Makes a checkpoint, or the model of a config.json, what the estimate is about. */
  private async choose(uri: vscode.Uri): Promise<void> {
    this.picker.busy = true;
    const file = await this.ask(() => estimateFile(uri));
    const model = file.source === "config" ? await configAt(file.uri) : { shapes: await shapesAt(this.services, file.uri), uncounted: [] };
    this.subject = { ...file, ...model };
    this.picker.busy = false;
    this.picker.placeholder = vscode.l10n.t("Types and a context length: q4_k_m 8k");
    this.update();
  }

  private update(): void {
    const line = this.picker.value.trim();
    this.answer = line === "" && !this.subject ? undefined : answerEstimate(line, this.subject?.shapes);
    this.picker.items = this.items();
    this.picker.title = this.title();
    const canOpen = this.answer?.kind === "report";
    this.picker.buttons = [...(canOpen ? [this.estimatorButton] : []), this.fileButton, this.folderButton];
  }

  private items(): EstimateItem[] {
    const { answer } = this;
    if (!answer) return this.suggestions();
    // Shown whatever is typed: the line is a question, not a filter.
    if (answer.kind === "hint") {
      const completed = answer.completions.map((line) => ({ ...this.lineItem(line), alwaysShow: true }));
      return completed.length > 0 ? completed : [{ label: `$(info) ${answer.message}`, alwaysShow: true }];
    }
    const { report, context } = answer;
    const groups: [string, EstimateRow["kind"][]][] = [
      [vscode.l10n.t("codes alone"), ["nominal"]],
      [vscode.l10n.t("with scales, as stored"), ["exact", "approximate"]],
    ];
    return groups.flatMap(([label, kinds]) => {
      const rows = report.rows.filter((row) => kinds.includes(row.kind));
      if (rows.length === 0) return [];
      return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...rows.map((row) => this.rowItem(row, report.rows, context))];
    });
  }

  private title(): string {
    const title = vscode.l10n.t("Estimate Size");
    if (this.answer?.kind === "report") {
      const { context, report } = this.answer;
      const { parameters, isAssumed, shapes } = report;
      const uncounted = shapes === this.subject?.shapes ? this.subject.uncounted : report.uncounted;
      const basis = isAssumed
        ? vscode.l10n.t("layers and attention as in {0}", shapes.name)
        : vscode.l10n.t("{0}, its own shapes", shapes.name);
      return [
        title,
        vscode.l10n.t("{0} weights", this.services.numbers.count(parameters)),
        basis,
        ...(uncounted.length > 0 ? [vscode.l10n.t("not counted: {0}", uncounted.join(", "))] : []),
        ...report.rows.flatMap(({ note }) => (note?.code === "beside" ? [localizedTexts.note(note)] : [])).slice(0, 1),
        ...(context !== undefined && !shapes.cache ? [vscode.l10n.t("KV cache not known")] : []),
      ].join(" · ");
    }
    return this.subject ? `${title} · ${this.subject.shapes.name}` : title;
  }

  private rowItem(row: EstimateRow, rows: readonly EstimateRow[], context: number | undefined): EstimateItem {
    const note = remarkableNote(row, rows);
    const { name, explanation } = nameAndExplanation(row);
    const sizes = sizeText(row, context, this.services.numbers, {
      bitsPerWeight: (bits) => vscode.l10n.t("{0} bits/weight", bits),
      withContext: (tokens, size) => vscode.l10n.t("{0} with {1} tokens of KV cache", size, tokens),
    });
    return {
      label: name,
      description: [sizes, localizedTexts.explanation(explanation)].filter(Boolean).join(" · "),
      ...(note ? { detail: localizedTexts.note(note) } : {}),
      alwaysShow: true,
      choose: async () => {
        await vscode.env.clipboard.writeText(`${this.subjectName()} · ${name}: ${sizes}`);
        this.picker.hide();
        vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t("Copied: {0}", `${name} ${sizes}`)}`, 4000);
      },
    };
  }

  private suggestions(): EstimateItem[] {
    return [
      { label: `$(file) ${vscode.l10n.t("Choose a File...")}`, choose: () => this.browse("file") },
      { label: `$(folder) ${vscode.l10n.t("Choose a Folder...")}`, choose: () => this.browse("folder") },
      { label: vscode.l10n.t("or type, for example"), kind: vscode.QuickPickItemKind.Separator },
      ...examples.map((line) => this.lineItem(line)),
    ];
  }

  /** Makes a line what is typed. */
  private lineItem(line: string): EstimateItem {
    return {
      label: line,
      choose: () => {
        this.picker.value = line;
        this.update();
      },
    };
  }

  private subjectName(): string {
    if (this.answer?.kind !== "report") return "";
    const { parameters, isAssumed, shapes } = this.answer.report;
    return isAssumed ? vscode.l10n.t("{0} weights", this.services.numbers.count(parameters)) : shapes.name;
  }

  private async press(button: vscode.QuickInputButton): Promise<void> {
    if (button === this.fileButton) await this.browse("file");
    else if (button === this.folderButton) await this.browse("folder");
    else {
      const isTyped = this.answer?.kind === "report" && this.answer.report.shapes !== this.subject?.shapes;
      const line = this.picker.value.trim();
      // The picker is done with: what cannot be read is told by the page.
      this.picker.hide();
      await this.openEstimator(
        isTyped || !this.subject
          ? { source: "size", line }
          : { source: this.subject.source, [this.subject.source]: this.subject.uri.toString() },
      );
    }
  }

  private async browse(what: "file" | "folder"): Promise<void> {
    const uri = await this.ask(() => browseFor(what));
    if (uri) await this.choose(uri);
  }

  /** Asks something else in between, and comes back. */
  private async ask<T>(question: () => Promise<T>): Promise<T> {
    this.isAsking = true;
    try {
      return await question();
    } finally {
      this.isAsking = false;
      this.picker.show();
    }
  }

  /** Failures belong to the picker while it is open. */
  private attempt(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.picker.busy = false;
      if (error instanceof CancelledError) return;
      this.services.reportFailure(error);
      this.answer = { kind: "hint", message: notificationText(error), completions: [] };
      this.picker.items = this.items();
    });
  }
}
