import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import { limits } from "../../core/limits";
import { inputStep, pickStep, type StepFrame, type StepItem } from "../quantize/stepInput";
import type { TextChoice } from "./textChoice";

const steps = ["text", "field", "samples", "length"] as const;
type Step = (typeof steps)[number];

const jsonLines = /\.(jsonl|ndjson)$/i;
/** As JSONL data sets usually call it. */
const usualField = "text";

/**
 * Asks step by step for a text and samples of it, in VS Code's own lists and dialogs.
 *
 * @param before what is offered first
 * @throws CancelledError
 */
export async function askText(title: string, beside: vscode.Uri, before: TextChoice): Promise<TextChoice> {
  let choice = before;
  for (let at = 0; ;) {
    const asked = steps.filter((step) => step !== "field" || jsonLines.test(choice.text ?? ""));
    const step = asked[at];
    if (step === undefined) return choice;
    const answer = await askStep(step, { title, step: at + 1, totalSteps: asked.length }, choice, beside);
    if (answer) choice = { ...choice, ...answer };
    at += answer ? 1 : -1;
    if (at < 0) throw new CancelledError();
  }
}

function askStep(step: Step, frame: StepFrame, choice: TextChoice, beside: vscode.Uri): Promise<Partial<TextChoice> | undefined> {
  switch (step) {
    case "text":
      return askSource(frame, choice, beside);
    case "field":
      return askField(frame, choice);
    case "samples":
      return askNumber(frame, "samples", choice, vscode.l10n.t("Number of samples; empty for all that the text has"));
    case "length":
      return askNumber(frame, "length", choice, vscode.l10n.t("Tokens of a sample; empty for 512, or what the model takes"));
  }
}

interface SourceItem extends StepItem {
  readonly source: "sample" | "same" | "file" | "folder";
}

/** Goes on asking when the dialog of a file is dismissed. */
async function askSource(frame: StepFrame, { text }: TextChoice, beside: vscode.Uri): Promise<Partial<TextChoice> | undefined> {
  const items: SourceItem[] = [
    ...(text === undefined ? [] : [{ source: "same" as const, label: `$(history) ${text}`, description: vscode.l10n.t("as before") }]),
    { source: "sample", label: `$(book) ${vscode.l10n.t("Sample text")}`, description: vscode.l10n.t("ships with Quantscope") },
    { source: "file", label: `$(file) ${vscode.l10n.t("A file…")}`, description: vscode.l10n.t("text, Markdown, or JSONL with a field") },
    { source: "folder", label: `$(folder) ${vscode.l10n.t("A folder…")}`, description: vscode.l10n.t("all of its text files") },
  ];
  for (;;) {
    const chosen = await pickStep(frame, { items, placeholder: vscode.l10n.t("Text to run the model on"), active: items[0] });
    if (!chosen) return undefined;
    if (chosen.source === "same") return { text };
    if (chosen.source === "sample") return { text: undefined, field: undefined };
    const isFolder = chosen.source === "folder";
    const [picked] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t("Text to run the model on"),
        defaultUri: vscode.Uri.joinPath(beside, ".."),
        canSelectFolders: isFolder,
        canSelectFiles: !isFolder,
        ...(isFolder
          ? {}
          : { filters: { [vscode.l10n.t("Texts")]: ["txt", "md", "jsonl", "ndjson"], [vscode.l10n.t("All files")]: ["*"] } }),
      })) ?? [];
    if (picked?.scheme === "file") return { text: picked.fsPath, field: undefined };
  }
}

async function askField(frame: StepFrame, { field }: TextChoice): Promise<Partial<TextChoice> | undefined> {
  const answer = await inputStep(frame, {
    value: field ?? usualField,
    prompt: vscode.l10n.t("Field of the records that has the text"),
    placeholder: usualField,
    check: (value) => (value.trim() === "" ? vscode.l10n.t("Name a field.") : undefined),
  });
  return answer === undefined ? undefined : { field: answer.trim() };
}

async function askNumber(
  frame: StepFrame,
  what: "samples" | "length",
  choice: TextChoice,
  prompt: string,
): Promise<Partial<TextChoice> | undefined> {
  const answer = await inputStep(frame, {
    value: choice[what] === undefined ? "" : String(choice[what]),
    prompt,
    placeholder: "",
    check: (value) =>
      value.trim() === "" || (/^\s*\d+\s*$/.test(value) && Number(value) >= 1 && Number(value) <= limits.sampleTokens)
        ? undefined
        : vscode.l10n.t("A whole number above 0."),
  });
  if (answer === undefined) return undefined;
  return { [what]: answer.trim() === "" ? undefined : Number(answer) };
}
