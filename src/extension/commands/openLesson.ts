import * as vscode from "vscode";
import { isLessonPlace } from "../../core/lesson/sections";
import type { Command } from "./command";

/** *Open Lesson*: the lesson on quantization. Callers may name the place to show. */
export const openLesson: Command = {
  id: "quantscope.openLesson",
  async run({ lessonPanels }, place) {
    await lessonPanels.show(isLessonPlace(place) ? place : undefined);
  },
};

/** *Open Lesson Step by Step*: the walkthrough of the lesson, where the reader left it. */
export const openLessonSteps: Command = {
  id: "quantscope.openLessonSteps",
  async run({ lessonPanels }) {
    await lessonPanels.show("steps");
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
