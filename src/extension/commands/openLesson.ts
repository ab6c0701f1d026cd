import * as vscode from "vscode";
import { isSectionId } from "../../core/lesson/sections";
import type { Command } from "./command";

/** *Open Lesson*: the lesson on quantization. Callers may name the section to show. */
export const openLesson: Command = {
  id: "quantscope.openLesson",
  async run({ lessonPanels }, section) {
    await lessonPanels.show(isSectionId(section) ? section : undefined);
  },
};

/** *Reset Lesson Progress*: forgets what was read and answered, after a question. */
export const resetLesson: Command = {
  id: "quantscope.resetLesson",
  async run({ lessonProgress }) {
    const reset = vscode.l10n.t("Reset");
    const question = vscode.l10n.t("Forget which sections of the lesson are done, and all answers?");
    if ((await vscode.window.showWarningMessage(question, { modal: true }, reset)) === reset) await lessonProgress.reset();
  },
};
