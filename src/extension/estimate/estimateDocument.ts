import * as vscode from "vscode";
import { UsageError } from "../../core/errors";
import type { Services } from "../services";

const scheme = "quantscope-estimate";

/** What a table was made from. It is all in the document's URI, so that the table can be made again at any time. */
interface EstimateSource {
  /** The line that was typed. */
  line: string;
  /** URI of the checkpoint, if the sizes are one's. */
  checkpoint?: string;
}

function readSource(query: string): EstimateSource {
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
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.from({ scheme, path, query: JSON.stringify(source) }));
}

/** Provides the documents that {@link openEstimateTable} opens. */
export function registerEstimateDocuments(services: Services): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => estimateText(services, readSource(uri.query)),
  });
}

async function estimateText(services: Services, { line, checkpoint }: EstimateSource): Promise<string> {
  const { answerEstimate, estimateTable, shapesAt } = (await import("../later")).later;
  const shapes = checkpoint === undefined ? undefined : await shapesAt(services, vscode.Uri.parse(checkpoint));
  const answer = answerEstimate(line, shapes);
  if (answer.kind === "hint") return answer.message;
  const { report } = answer;
  const { numbers } = services;
  return estimateTable(report, numbers, {
    title: vscode.l10n.t("Size of {0}", shapes?.name ?? vscode.l10n.t("{0} weights", numbers.count(report.parameters))),
    basis: vscode.l10n.t("{0} weights: {1}.", numbers.integer(report.parameters), report.basis),
    columns: {
      type: vscode.l10n.t("Type"),
      bits: vscode.l10n.t("Bits per weight"),
      bytes: vscode.l10n.t("Bytes"),
      cache: vscode.l10n.t("KV cache"),
      total: vscode.l10n.t("Total"),
      meaning: vscode.l10n.t("Meaning"),
    },
    approximate: vscode.l10n.t("≈ in the proportions of a published model of similar size."),
  });
}
