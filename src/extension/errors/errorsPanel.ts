import * as vscode from "vscode";
import { listSchemes } from "../../core/quant/registry";
import type { ReadyContent } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { schemeChoices } from "../editor/schemeChoices";
import { MeasuredPanel } from "../editor/measuredPanel";
import { revealTensor } from "../editor/revealTensor";
import { postTo } from "../editor/rpcChannel";
import { saveFile } from "../editor/saveFile";
import { typeWords } from "../estimate/typeWords";
import { outputFolder } from "../outputFolder";
import { askImportance } from "../quantize/importanceFile";
import type { Services } from "../services";
import { ErrorTable } from "./errorTable";
import { ErrorsSession, type ErrorsHost } from "./errorsSession";
import { exportErrors } from "./exportErrors";

/** The Errors page of one checkpoint: what quantization types do to its matrices. The table stays when the page is hidden. */
export class ErrorsPanel extends MeasuredPanel<ErrorsSession, ErrorTable> {
  /** Types of the table before the content changed. */
  private types: readonly string[] | undefined;

  constructor(panel: vscode.WebviewPanel, uri: vscode.Uri, share: DocumentShare, services: Services) {
    super(panel, uri, share, services, "errors");
  }

  /** What is measured; undefined before the page asked for it, and where there is nothing to measure. */
  get measured(): ErrorTable | undefined {
    return this.current;
  }

  protected override contentChanged(): void {
    this.types = this.current?.types.map(({ type }) => type) ?? this.types;
    this.forget();
    const { session } = this.page;
    if (!session) return;
    const table = this.subject;
    session.tableChanged();
    table?.measure();
  }

  protected override start(): ErrorsSession {
    return new ErrorsSession(this.share.document, this.host());
  }

  protected override make(content: ReadyContent): ErrorTable {
    const { services, uri } = this;
    const table = new ErrorTable(
      content.opened,
      {
        engine: () => services.engine.get(),
        jobs: services.jobs,
        uri: uri.toString(),
        text: {
          measure: vscode.l10n.t("Errors"),
          measured: (count, elapsedMs) =>
            vscode.l10n.t("{0} types in {1} s", services.numbers.integer(count), services.numbers.significant(elapsedMs / 1000)),
          needsImportance: (type) => vscode.l10n.t("{0} needs an importance matrix.", type),
        },
        reportFailure: services.reportFailure,
      },
      this.types,
    );
    table.onDidChangeRun(({ kind }) => kind === "done" && services.walkthrough.done("types"));
    return table;
  }

  private host(): ErrorsHost {
    const { services, uri } = this;
    return {
      table: () => this.subject,
      schemes: schemeChoices,
      page: () => this.pageTexts(),
      chooseTypes,
      chooseImportance: (table, remove) => this.chooseImportance(table, remove),
      exportTable: (table) => exportErrors(services.context, table, uri),
      copy: (text) => Promise.resolve(vscode.env.clipboard.writeText(text)),
      save: (name, content) => saveFile(outputFolder(services.context, uri), name, content),
      openTensor: (index) => revealTensor(services, this.share.document, uri, index),
      quantize: async (type, keep) => {
        await vscode.commands.executeCommand("quantscope.quantize", uri, { type, keep });
      },
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }

  private async chooseImportance(table: ErrorTable, remove: boolean): Promise<void> {
    if (remove) return table.setImportance(undefined);
    const matrix = await askImportance(this.uri);
    if (matrix) table.setImportance(matrix);
  }
}

interface TypeItem extends vscode.QuickPickItem {
  type: string;
}

async function chooseTypes(table: ErrorTable): Promise<void> {
  const chosen = new Set(table.types.map(({ type }) => type));
  const items = [...new Set([...listSchemes().map(({ id }) => id), ...chosen])].map((type): TypeItem => {
    const { name, explanation } = typeWords(type);
    return { label: name, description: explanation, picked: chosen.has(type), type };
  });
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    placeHolder: vscode.l10n.t("Types to compare"),
  });
  if (picked && picked.length > 0) table.setTypes(picked.map(({ type }) => type));
}
