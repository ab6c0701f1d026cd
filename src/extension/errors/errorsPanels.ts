import * as vscode from "vscode";
import { errorsPanelType } from "../identifiers";
import type { Services } from "../services";
import type { ErrorsPanel } from "./errorsPanel";

/** The Errors pages of this window: one a checkpoint. VS Code brings them back when the window is loaded again. */
export class ErrorsPanels implements vscode.Disposable {
  private readonly panels = new Map<string, Promise<ErrorsPanel>>();
  private readonly registration: vscode.Disposable;

  constructor(private readonly services: Services) {
    this.registration = vscode.window.registerWebviewPanelSerializer(errorsPanelType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        const uri = typeof state === "object" && state !== null && "uri" in state && typeof state.uri === "string" ? state.uri : undefined;
        if (uri === undefined) panel.dispose();
        else await this.attach(vscode.Uri.parse(uri, true), panel);
      },
    });
  }

  /** Shows the page of a checkpoint, beside nothing: where editors open. */
  async show(uri: vscode.Uri): Promise<void> {
    const open = this.panels.get(uri.toString());
    if (open) return (await open).reveal();
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const panel = vscode.window.createWebviewPanel(errorsPanelType, vscode.l10n.t("Errors: {0}", name), vscode.ViewColumn.Active, {});
    await this.attach(uri, panel);
  }

  /** The open page of a checkpoint. */
  async find(uri: vscode.Uri): Promise<ErrorsPanel | undefined> {
    return this.panels.get(uri.toString());
  }

  dispose(): void {
    this.registration.dispose();
    for (const panel of this.panels.values()) void panel.then((open) => open.dispose());
  }

  private async attach(uri: vscode.Uri, panel: vscode.WebviewPanel): Promise<void> {
    const key = uri.toString();
    const opening = this.make(uri, panel);
    this.panels.set(key, opening);
    panel.onDidDispose(() => this.panels.delete(key));
    try {
      await opening;
    } catch (error) {
      this.panels.delete(key);
      panel.dispose();
      throw error;
    }
  }

  private async make(uri: vscode.Uri, panel: vscode.WebviewPanel): Promise<ErrorsPanel> {
    const { ErrorsPanel } = (await import("../later")).later;
    return new ErrorsPanel(panel, uri, await this.services.documents.share(uri), this.services);
  }
}
