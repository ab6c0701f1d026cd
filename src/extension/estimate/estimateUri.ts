import * as vscode from "vscode";
import { UsageError } from "../../core/errors";

/** Scheme of the documents that show the table of an estimate. */
export const estimateScheme = "quantscope-estimate";

/** What a table was made from. It is all in the document's URI, so that the table can be made again at any time. */
export interface EstimateSource {
  /** The line that was typed. */
  line: string;
  /** URI of the checkpoint, if the sizes are one's. */
  checkpoint?: string;
}

/** What the query of a document's URI says. Throws UsageError for one that was made by something else. */
export function readSource(query: string): EstimateSource {
  const source: unknown = JSON.parse(query);
  if (typeof source !== "object" || source === null || !("line" in source) || typeof source.line !== "string")
    throw new UsageError("estimate.no-size", query);
  const checkpoint = "checkpoint" in source && typeof source.checkpoint === "string" ? source.checkpoint : undefined;
  return { line: source.line, checkpoint };
}

/** Opens the table of an estimate as a rendered, read-only Markdown document. */
export async function openEstimateTable(line: string, name: string, checkpoint: vscode.Uri | undefined): Promise<void> {
  const source: EstimateSource = { line, checkpoint: checkpoint?.toString() };
  const path = `/${vscode.l10n.t("Size of {0}", name.replace(/[/\\?%*:|"<>]/g, " "))}.md`;
  await vscode.commands.executeCommand(
    "markdown.showPreview",
    vscode.Uri.from({ scheme: estimateScheme, path, query: JSON.stringify(source) }),
  );
}
