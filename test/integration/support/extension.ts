import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { QuantscopeApi } from "../../../src/extension/api";

export const viewType = "quantscope.checkpoint";

/** The running extension, activated if it was not. */
export async function quantscope(): Promise<{ api: QuantscopeApi; extension: vscode.Extension<QuantscopeApi> }> {
  const extension = vscode.extensions.getExtension<QuantscopeApi>("quantscope.quantscope");
  assert.ok(extension, "the extension is not installed");
  return { api: await extension.activate(), extension };
}

/** What `look` returns, once that is not undefined or false. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limit = 30_000,
): Promise<T> {
  const start = Date.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() - start > limit) throw new Error(`waited ${limit / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** A file or folder of the workspace. */
export function inWorkspace(...segments: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "no workspace is open");
  return vscode.Uri.joinPath(folder.uri, ...segments);
}

/** The sample checkpoint of the workspace. */
export const sampleFile = (): vscode.Uri => inWorkspace("tiny-llama", "model.safetensors");

/** An empty folder of the workspace, deleted after the suite. */
export function scratchFolder(name: string): vscode.Uri {
  const folder = inWorkspace(name);
  before(() => mkdirSync(folder.fsPath, { recursive: true }));
  after(() => rmSync(folder.fsPath, { recursive: true, force: true }));
  return folder;
}

/** Longest wait for a page. */
const pageLimit = 60_000;

/** Does something that opens a checkpoint editor, and waits until its page has its picture. */
export async function opening(uri: vscode.Uri, open: () => PromiseLike<unknown>): Promise<void> {
  const { api } = await quantscope();
  let hasStarted = false;
  const subscription = api.onDidInitializeEditor((event) => (hasStarted ||= event.uri.toString() === uri.toString()));
  try {
    await open();
    await until(`the page of ${path.basename(uri.path)}`, () => hasStarted, pageLimit);
  } finally {
    subscription.dispose();
  }
}

/** Opens a file in a checkpoint editor and waits for its page. */
export function openEditor(uri: vscode.Uri, column: vscode.ViewColumn = vscode.ViewColumn.Active): Promise<void> {
  return opening(uri, () => vscode.commands.executeCommand("vscode.openWith", uri, viewType, column));
}

export async function closeAllEditors(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Runs a command, and closes every question that it asks until it ends. */
export async function dismissed(command: string, ...args: unknown[]): Promise<unknown> {
  const running = Promise.resolve(vscode.commands.executeCommand(command, ...args));
  let over = false;
  void running.finally(() => (over = true));
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
  }
  return running;
}

/** Prints a line among the results. */
export function report(line: string): void {
  const output = process.env.VSCODE_TEST_OUTPUT;
  if (output) appendFileSync(output, `      ${line}\n`);
  else console.log(line);
}
