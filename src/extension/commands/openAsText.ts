import * as vscode from "vscode";
import type { Command } from "./command";
import { requireTarget } from "./target";

/** *Open as Text*: the same file in VS Code's own editor. */
export const openAsText: Command = {
  id: "quantscope.openAsText",
  async run(services, argument) {
    await vscode.commands.executeCommand("vscode.openWith", requireTarget(services, argument), "default");
  },
};
