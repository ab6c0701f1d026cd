/** Names that the manifest and the code share. A test compares both. */
export const viewType = "quantscope.checkpoint";

/** The same editor for files whose endings others use, too: VS Code offers it, and does not open them in it by itself. */
export const optionalViewType = "quantscope.checkpoint.optional";

/** The page with the error table. */
export const errorsPanelType = "quantscope.errors";

/** The page with what enters the layers, and ranges for it. */
export const calibrationPanelType = "quantscope.calibration";

/** The page with perplexities. */
export const perplexityPanelType = "quantscope.perplexity";

/** The playground. */
export const playgroundPanelType = "quantscope.playground";
/** The page with what GPTQ does to a layer. */
export const gptqPanelType = "quantscope.gptq";
/** The Size Estimator. */
export const estimatorPanelType = "quantscope.estimator";

/** The lesson. */
export const lessonPanelType = "quantscope.lessonPage";

/** The page that shows what would be written. */
export const preflightPanelType = "quantscope.preflight";

/** Identifiers of the tree views. */
export const viewIds = { checkpoints: "quantscope.checkpoints", jobs: "quantscope.jobs", lesson: "quantscope.lesson" } as const;

/** `contextValue` of tree items, for the `viewItem` in `when` clauses. */
export const treeItemKinds = {
  checkpoint: "checkpoint",
  runningJob: "runningJob",
  failedJob: "failedJob",
  finishedJob: "finishedJob",
} as const;

/** VS Code's own walkthrough of the first steps. */
export const walkthroughId = "firstSteps";

/** Keys that are set once a step of the walkthrough was really done, by the names of the steps, in their order. */
export const walkthroughKeys = {
  open: "quantscope:didOpen",
  histogram: "quantscope:didReadHistogram",
  quantize: "quantscope:didQuantize",
  range: "quantscope:didChooseRange",
  types: "quantscope:didCompareTypes",
  write: "quantscope:didWrite",
} as const;
export type WalkthroughStep = keyof typeof walkthroughKeys;

/** Keys set by the extension for `when` clauses and `enablement`. */
export interface ContextKeys extends Record<(typeof walkthroughKeys)[WalkthroughStep], boolean> {
  /** The active checkpoint editor shows a checkpoint, and not the reason why it cannot. */
  "quantscope:isReadable": boolean;
  /** The active checkpoint editor's document is being scanned. */
  "quantscope:isScanning": boolean;
  /** The Jobs view lists a job that is over. */
  "quantscope:hasFinishedJobs": boolean;
}
