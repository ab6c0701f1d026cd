import { loadedAt } from "./loadTime";
import * as vscode from "vscode";
import { testApi } from "./testApi";
import type { QuantscopeApi } from "./api";
import { registerCommands } from "./commands/registerCommands";
import { ContextKeyWriter } from "./contextKeys";
import { createDocument } from "./document/createDocument";
import { DocumentStore } from "./document/documentStore";
import { calibrationPanelsOf, errorsPanelsOf, gptqPanelsOf, perplexityPanelsOf, playgroundPanelsOf } from "./editor/checkpointPanels";
import { CheckpointEditorProvider } from "./editor/checkpointEditorProvider";
import { EditorStates } from "./editor/editorStates";
import { OpenEditors } from "./editor/openEditors";
import { Emitter } from "./emitter";
import { EstimatorPanels } from "./estimate/estimatorPanels";
import { EngineService } from "./engineService";
import { JobList } from "./jobs/jobList";
import { LessonPanels } from "./lesson/lessonPanels";
import { LessonProgressStore } from "./lesson/lessonProgressStore";
import { registerLinks } from "./linkHandler";
import { logFailure } from "./log";
import { NumberText } from "./numberText";
import { PerplexityResults } from "./perplexity/perplexityResults";
import type { Services } from "./services";
import { ActiveCheckpoint } from "./status/activeCheckpoint";
import { CheckpointStatus } from "./status/checkpointStatus";
import { JobStatus } from "./status/jobStatus";
import { CheckpointsView } from "./views/checkpointsView";
import { JobsView } from "./views/jobsView";
import { LessonView } from "./views/lessonView";
import { WalkthroughProgress } from "./walkthrough/walkthroughProgress";
import type { WindowServices } from "./windowServices";

/**
 * Registers what the manifest announces. Reads no file and starts no thread: formats, engine and editor are loaded when
 * they are first needed.
 */
export function activate(context: vscode.ExtensionContext): QuantscopeApi {
  const calledAt = performance.now();
  const log = vscode.window.createOutputChannel("Quantscope", { log: true });
  const reportFailure = (error: unknown) => logFailure(log, error);
  const numbers = new NumberText(vscode.env.language);
  const contextKeys = new ContextKeyWriter();
  const engine = new EngineService(
    context.extensionUri,
    async (options) => new (await import("./later")).later.Engine(options),
    reportFailure,
  );
  const jobs = new JobList();
  const editors = new OpenEditors();
  const editorInitialized = new Emitter<Parameters<Services["editorInitialized"]["fire"]>[0]>();
  const documents = new DocumentStore((uri) => createDocument(uri, services));
  const checkpoints = new CheckpointsView(numbers, reportFailure);
  const lessonProgress = new LessonProgressStore(context.globalState);
  const perplexityResults = new PerplexityResults();
  const services: Services = {
    context,
    log,
    numbers,
    engine,
    jobs,
    documents,
    editors,
    states: new EditorStates(context.workspaceState),
    perplexityResults,
    walkthrough: new WalkthroughProgress(contextKeys),
    lessonProgress,
    editorInitialized,
    reportFailure,
  };
  const errorsPanels = errorsPanelsOf(services);
  const calibrationPanels = calibrationPanelsOf(services);
  const perplexityPanels = perplexityPanelsOf(services);
  const playgroundPanels = playgroundPanelsOf(services, perplexityPanels);
  const gptqPanels = gptqPanelsOf(services);
  const estimatorPanels = new EstimatorPanels(services);
  const lessonPanels = new LessonPanels(services);
  const pages = { errorsPanels, calibrationPanels, perplexityPanels, gptqPanels, playgroundPanels, estimatorPanels, lessonPanels };
  const windowServices: WindowServices = { ...services, ...pages, checkpoints };

  const active = new ActiveCheckpoint(editors, documents, reportFailure);
  const status = new CheckpointStatus(active, numbers);
  const jobsView = new JobsView(jobs, numbers);
  active.onDidChange(() => {
    contextKeys.set("quantscope:isReadable", active.content?.kind === "ready");
    contextKeys.set("quantscope:isScanning", active.isScanning);
  });
  jobs.onDidChange(() => contextKeys.set("quantscope:hasFinishedJobs", jobs.running.length < jobs.entries.length));

  context.subscriptions.push(
    log,
    engine,
    documents,
    jobs,
    editors,
    editorInitialized,
    active,
    checkpoints,
    jobsView,
    status,
    errorsPanels,
    calibrationPanels,
    perplexityPanels,
    perplexityResults,
    playgroundPanels,
    gptqPanels,
    estimatorPanels,
    lessonPanels,
    lessonProgress,
    new LessonView(lessonProgress),
    new JobStatus(jobs),
    registerCommands(windowServices),
    registerLinks(log),
    CheckpointEditorProvider.register(services),
    vscode.workspace.onDidChangeConfiguration((event) => {
      // Both are part of what an editor was told when it opened.
      if (!event.affectsConfiguration("quantscope.histogramBins") && !event.affectsConfiguration("quantscope.defaultScheme")) return;
      for (const document of documents.documents) document.reload().catch(reportFailure);
    }),
  );
  // Between the two, VS Code does something else.
  return testApi(windowServices, status, jobsView, evaluatedAt - loadedAt + performance.now() - calledAt);
}

const evaluatedAt = performance.now();
