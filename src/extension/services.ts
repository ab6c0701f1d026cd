import type * as vscode from "vscode";
import type { InitializeResult } from "../protocol/editor";
import type { CalibrationPanel } from "./calibration/calibrationPanel";
import type { ContextKeyWriter } from "./contextKeys";
import type { DocumentStore } from "./document/documentStore";
import type { EditorStates } from "./editor/editorStates";
import type { OpenEditors } from "./editor/openEditors";
import type { PagePanels } from "./editor/pagePanels";
import type { Emitter } from "./emitter";
import type { ErrorsPanel } from "./errors/errorsPanel";
import type { EstimatorPanels } from "./estimate/estimatorPanels";
import type { EngineService } from "./engineService";
import type { GptqPanel } from "./gptq/gptqPanel";
import type { JobList } from "./jobs/jobList";
import type { LessonPanels } from "./lesson/lessonPanels";
import type { LessonProgressStore } from "./lesson/lessonProgressStore";
import type { NumberText } from "./numberText";
import type { PerplexityPanel } from "./perplexity/perplexityPanel";
import type { PerplexityResults } from "./perplexity/perplexityResults";
import type { PlaygroundPanel } from "./playground/playgroundPanel";
import type { CheckpointsView } from "./views/checkpointsView";
import type { WalkthroughProgress } from "./walkthrough/walkthroughProgress";

/** What the parts of the extension share. Made once by `activate`; nothing in it reads a file or starts a thread before it is needed. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly numbers: NumberText;
  readonly contextKeys: ContextKeyWriter;
  readonly engine: EngineService;
  readonly jobs: JobList;
  readonly documents: DocumentStore;
  readonly editors: OpenEditors;
  readonly states: EditorStates;
  readonly checkpoints: CheckpointsView;
  readonly errorsPanels: PagePanels<ErrorsPanel>;
  readonly calibrationPanels: PagePanels<CalibrationPanel>;
  readonly perplexityPanels: PagePanels<PerplexityPanel>;
  readonly perplexityResults: PerplexityResults;
  readonly gptqPanels: PagePanels<GptqPanel>;
  readonly walkthrough: WalkthroughProgress;
  readonly playgroundPanels: PagePanels<PlaygroundPanel>;
  readonly estimatorPanels: EstimatorPanels;
  readonly lessonPanels: LessonPanels;
  readonly lessonProgress: LessonProgressStore;
  /** A page was given its first picture. */
  readonly editorInitialized: Emitter<{ uri: vscode.Uri; result: InitializeResult }>;
  /** Logs what nobody is waiting for. */
  reportFailure(error: unknown): void;
}
