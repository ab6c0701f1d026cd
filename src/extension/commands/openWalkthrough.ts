import * as vscode from "vscode";
import { walkthroughId } from "../identifiers";
import type { Command } from "./command";

/** *Open Walkthrough*: the first steps, in VS Code's own Walkthroughs page. */
export const openWalkthrough: Command = {
  id: "quantscope.openWalkthrough",
  async run({ context }) {
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#${walkthroughId}`, false);
  },
};
