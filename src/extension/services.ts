import type * as vscode from "vscode";
import type { InitializeResult } from "../protocol/editor";
import type { DocumentStore } from "./document/documentStore";
import type { EditorStates } from "./editor/editorStates";
import type { OpenEditors } from "./editor/openEditors";
import type { Emitter } from "./emitter";
import type { EngineService } from "./engineService";
import type { JobList } from "./jobs/jobList";
import type { LessonProgressStore } from "./lesson/lessonProgressStore";
import type { NumberText } from "./numberText";
import type { PerplexityResults } from "./perplexity/perplexityResults";
import type { WalkthroughProgress } from "./walkthrough/walkthroughProgress";

/**
 * What the parts of the extension share. Made once by `activate`; nothing in it reads a file or starts a thread before it is
 * needed. Pages get this, and know nothing of each other: what they are opened by has `WindowServices`.
 */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly numbers: NumberText;
  readonly engine: EngineService;
  readonly jobs: JobList;
  readonly documents: DocumentStore;
  readonly editors: OpenEditors;
  readonly states: EditorStates;
  readonly perplexityResults: PerplexityResults;
  readonly walkthrough: WalkthroughProgress;
  readonly lessonProgress: LessonProgressStore;
  /** A page was given its first picture. */
  readonly editorInitialized: Emitter<{ uri: vscode.Uri; result: InitializeResult }>;
  /** Logs what nobody is waiting for. */
  reportFailure(error: unknown): void;
}
