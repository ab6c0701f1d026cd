import * as vscode from "vscode";
import type { Services } from "../services";
import { readSettings } from "../settings";
import type { DocumentFactory } from "./documentStore";

/** Makes the document of a URI. Loads the formats first: nothing before this needs them. */
export async function createDocument(uri: vscode.Uri, services: Services): ReturnType<DocumentFactory> {
  const { CheckpointDocument, sourceOf, watchDocument, StoredStats } = (await import("../later")).later;
  const { engine, jobs, numbers, reportFailure, context } = services;
  const document = new CheckpointDocument(sourceOf(uri), {
    engine: () => engine.get(),
    jobs,
    cache: new StoredStats(vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "scans").fsPath, reportFailure),
    bins: () => readSettings(uri).histogramBins,
    text: {
      scan: vscode.l10n.t("Scan"),
      scanned: (tensors, elapsedMs) => {
        const seconds = numbers.significant(elapsedMs / 1000);
        return tensors === 1
          ? vscode.l10n.t("1 tensor in {0} s", seconds)
          : vscode.l10n.t("{0} tensors in {1} s", numbers.integer(tensors), seconds);
      },
    },
    reportFailure,
  });
  return { document, watcher: watchDocument(uri, document, reportFailure) };
}
