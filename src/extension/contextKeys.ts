import * as vscode from "vscode";
import type { ContextKeys } from "./identifiers";

/** Sets a key of `when` clauses. Keys that stay the same are not sent again. */
export class ContextKeyWriter {
  private readonly last = new Map<keyof ContextKeys, unknown>();

  set<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
    if (this.last.get(key) === value) return;
    this.last.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }
}
