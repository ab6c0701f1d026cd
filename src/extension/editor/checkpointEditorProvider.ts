import * as vscode from "vscode";
import type { DocumentShare } from "../document/documentStore";
import { toDiagnostic } from "../errorText";
import { optionalViewType, viewType } from "../identifiers";
import type { Services } from "../services";

/** What VS Code holds for all editors of one URI: a share in the document. */
interface CheckpointCustomDocument extends vscode.CustomDocument {
  readonly share: DocumentShare;
}

/** Opens checkpoints in read-only custom editors. Nothing it does throws: what goes wrong is shown in the editor. */
export class CheckpointEditorProvider implements vscode.CustomReadonlyEditorProvider<CheckpointCustomDocument> {
  constructor(private readonly services: Services) {}

  static register(services: Services): vscode.Disposable {
    const provider = new CheckpointEditorProvider(services);
    const options = {
      supportsMultipleEditorsPerDocument: true,
      // The page comes back from its state and a snapshot: that costs milliseconds, keeping it costs its memory.
      webviewOptions: { retainContextWhenHidden: false, enableFindWidget: false },
    };
    const register = (type: string): vscode.Disposable => vscode.window.registerCustomEditorProvider(type, provider, options);
    return vscode.Disposable.from(register(viewType), register(optionalViewType));
  }

  async openCustomDocument(uri: vscode.Uri): Promise<CheckpointCustomDocument> {
    const share = await this.services.documents.share(uri);
    return { uri, share, dispose: () => share.dispose() };
  }

  async resolveCustomEditor(document: CheckpointCustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    let closed = false;
    panel.onDidDispose(() => (closed = true));
    let share: DocumentShare | undefined;
    try {
      const { EditorPanel } = (await import("../later")).later;
      share = await this.services.documents.share(document.uri);
      if (closed) share.dispose();
      else this.services.editors.add(new EditorPanel(panel, document.uri, share, this.services), panel);
    } catch (error) {
      share?.dispose();
      this.services.reportFailure(error);
      if (!closed) panel.webview.html = failureHtml(toDiagnostic(error).message);
    }
  }
}

/** A page without scripts, for the case that the real one cannot even be started. */
function failureHtml(message: string): string {
  const escaped = message.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'" />
    <title>Quantscope</title>
  </head>
  <body data-testid="quantscope-editor"><main><h1>Quantscope</h1><p>${escaped}</p></main></body>
</html>
`;
}
