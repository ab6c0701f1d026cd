import * as vscode from "vscode";
import type { CheckpointDocument } from "../document/checkpointDocument";
import type { NumberText } from "../numberText";
import { askReportFile, type ReportFormat, reportFormat } from "../report/reportFile";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/**
 * *Export Report*: the table of tensors with the figures measured so far, as CSV, JSON or Markdown. Callers may pass the
 * file to write as second argument; its ending is the format.
 */
export const exportReport: Command = {
  id: "quantscope.exportReport",
  async run(services, argument, destination) {
    const uri = await checkpointFile(requireTarget(services, argument));
    const share = await services.documents.share(uri);
    try {
      await share.document.whenReadable();
      const target = destination instanceof vscode.Uri ? destination : (await askReportFile(services.context, uri, "report")).target;
      const report = await reportText(share.document, reportFormat(target), services.numbers);
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(report));
      void offerToOpen(target);
    } finally {
      share.dispose();
    }
  },
};

async function reportText(document: CheckpointDocument, format: ReportFormat, numbers: NumberText): Promise<string> {
  const { checkpoint, snapshot, measurements } = await document.whenReadable();
  const source = { snapshot, find: (index: number) => measurements.find(index) };
  switch (format) {
    case "csv": {
      const { csvReport } = (await import("../later")).later;
      return csvReport(source);
    }
    case "json": {
      const { inspectReport } = (await import("../later")).later;
      const tensors = snapshot.tensors.flatMap((_, index) => measurements.find(index) ?? []);
      return `${JSON.stringify({ ...(await inspectReport(checkpoint)), stats: { tensors } }, undefined, 2)}\n`;
    }
    case "md": {
      const { markdownReport } = (await import("../later")).later;
      return markdownReport(source, numbers, markdownText(numbers, snapshot.parameters, snapshot.bytes, snapshot.bitsPerWeight));
    }
  }
}

function markdownText(numbers: NumberText, parameters: number, bytes: number, bitsPerWeight: number) {
  return {
    facts: vscode.l10n.t(
      "{0} weights, {1} bytes, {2} bits per weight.",
      numbers.integer(parameters),
      numbers.integer(bytes),
      numbers.hundredths(bitsPerWeight),
    ),
    tensors: vscode.l10n.t("Tensors"),
    columns: {
      name: vscode.l10n.t("Name"),
      type: vscode.l10n.t("Type"),
      shape: vscode.l10n.t("Shape"),
      weights: vscode.l10n.t("Weights"),
      bytes: vscode.l10n.t("Bytes"),
      min: vscode.l10n.t("Minimum"),
      max: vscode.l10n.t("Maximum"),
      mean: vscode.l10n.t("Mean"),
      std: vscode.l10n.t("Standard deviation"),
      kurtosis: vscode.l10n.t("Kurtosis"),
    },
    notFinite: { nan: "NaN", inf: vscode.l10n.t("Infinite") },
  };
}

async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t("Open");
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t("The report is in {0}.", vscode.workspace.asRelativePath(target)),
    open,
  );
  if (chosen === open) await vscode.window.showTextDocument(target);
}
