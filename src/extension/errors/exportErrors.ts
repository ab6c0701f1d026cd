import * as vscode from "vscode";
import { errorsCsv, errorsMarkdown } from "../report/errorsReports";
import { askReportFile } from "../report/reportFile";
import type { ErrorTable } from "./errorTable";

/** Saves an error table as CSV, JSON or Markdown. @throws CancelledError */
export async function exportErrors(
  context: Pick<vscode.ExtensionContext, "extensionUri">,
  table: ErrorTable,
  uri: vscode.Uri,
): Promise<void> {
  const { target, format } = await askReportFile(context, uri, "errors");
  const report = table.report();
  const text =
    format === "csv" ? errorsCsv(report) : format === "md" ? errorsMarkdown(report) : `${JSON.stringify(report, undefined, 2)}\n`;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
