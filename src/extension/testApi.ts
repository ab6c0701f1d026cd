import type { DocumentSummary, QuantscopeApi } from "./api";
import type { DocumentContent } from "./document/checkpointDocument";
import type { CheckpointStatus } from "./status/checkpointStatus";
import type { JobsView } from "./views/jobsView";
import type { WindowServices } from "./windowServices";

/** The window into the running extension that integration tests look through. */
export function testApi(services: WindowServices, status: CheckpointStatus, jobsView: JobsView, activationMs: number): QuantscopeApi {
  const { documents, editors, checkpoints, jobs } = services;
  return {
    activationMs,
    onDidInitializeEditor: services.editorInitialized.event,
    documentState: (uri) => summaryOf(documents.find(uri)?.content),
    editorCount: (uri) => editors.of(uri).length,
    onDidReadDocument: (uri, listener) => documents.find(uri)?.onDidChange(listener) ?? { dispose: () => undefined },
    onDidDeleteFile: (uri, listener) => documents.find(uri)?.onDidDelete(listener) ?? { dispose: () => undefined },
    jobs: () => jobs.entries,
    statusText: () => status.text,
    checkpointItems: async (parent) => {
      const nodes = await checkpoints.getChildren(parent);
      return nodes.map((node) => ({ node, item: checkpoints.getTreeItem(node) }));
    },
    jobItems: () => jobsView.getChildren().map((job) => jobsView.getTreeItem(job)),
    errorTable: async (uri) => {
      const table = (await services.errorsPanels.find(uri))?.measured;
      return table && { tensors: table.tensors.length, types: table.types, run: table.run };
    },
    calibration: async (uri) => {
      const calibration = (await services.calibrationPanels.find(uri))?.calibration;
      return calibration && { inputs: calibration.inputs, run: calibration.run };
    },
    selectedTensor: (uri) => editors.of(uri)[0]?.selected,
    lessonSubject: async () => (await services.lessonPanels.current)?.subject,
    playground: async (uri) => (await services.playgroundPanels.find(uri))?.chosen,
    gptqExplorer: async (uri) => {
      const explorer = (await services.gptqPanels.find(uri))?.explorer;
      return explorer && { layer: explorer.layers[explorer.layer], figures: explorer.figures, run: explorer.run };
    },
    perplexityTable: async (uri) => (await services.perplexityPanels.find(uri))?.table?.now,
  };
}

function summaryOf(content: DocumentContent | undefined): DocumentSummary | undefined {
  if (!content) return undefined;
  if (content.kind === "failed") return { kind: "failed", code: content.diagnostic.code, message: content.diagnostic.message };
  const { snapshot, openMs, measurements } = content;
  return { kind: "ready", tensors: snapshot.tensors.length, openMs, scan: measurements.scanState, measured: measurements.summaries.length };
}
