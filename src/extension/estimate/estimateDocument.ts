import * as vscode from "vscode";
import type { Services } from "../services";
import { estimateScheme, type EstimateSource, readSource } from "./estimateUri";

/** Provides the documents that `openEstimateTable` opens. */
export function registerEstimateDocuments(services: Services): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(estimateScheme, {
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
