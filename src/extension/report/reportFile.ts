import * as vscode from "vscode";
import { CancelledError, UsageError } from "../../core/errors";
import { outputFolder } from "../outputFolder";

export type ReportFormat = "csv" | "json" | "md";

/**
 * Asks for the format of a report and for the file to write.
 *
 * @param what last part of the name that is offered
 * @throws CancelledError
 */
export async function askReportFile(
  context: Pick<vscode.ExtensionContext, "extensionUri">,
  uri: vscode.Uri,
  what: string,
): Promise<{ target: vscode.Uri; format: ReportFormat }> {
  const formats: (vscode.QuickPickItem & { ending: ReportFormat })[] = [
    { label: "CSV", description: vscode.l10n.t("one line a tensor, for spreadsheets"), ending: "csv" },
    { label: "JSON", description: vscode.l10n.t("everything, with histograms, for scripts"), ending: "json" },
    { label: "Markdown", description: vscode.l10n.t("a table to read"), ending: "md" },
  ];
  const format = await vscode.window.showQuickPick(formats, { placeHolder: vscode.l10n.t("Format of the report") });
  if (!format) throw new CancelledError();
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1).replace(/(\.[^.]+)?\.index\.json$|\.[^.]+$/, "");
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(outputFolder(context, uri), `${name}-${what}.${format.ending}`),
    filters: { [format.label]: [format.ending] },
  });
  if (!target) throw new CancelledError();
  return { target, format: reportFormat(target) };
}

/** The format that a file's ending names. @throws UsageError `unknown-report` */
export function reportFormat(target: vscode.Uri): ReportFormat {
  const ending = /\.(csv|json|md)$/i.exec(target.path)?.[1]?.toLowerCase();
  if (ending === "csv" || ending === "json" || ending === "md") return ending;
  throw new UsageError("unknown-report", vscode.l10n.t("A report's name ends with .csv, .json or .md."));
}
