import { inspectReport } from "../jobs/inspect";
import { Engine } from "../jobs/engine";
import { CheckpointDocument } from "./document/checkpointDocument";
import { watchDocument } from "./document/documentWatcher";
import { sourceOf } from "./document/openUri";
import { StoredStats } from "./document/storedStats";
import { EditorPanel } from "./editor/editorPanel";
import { answerEstimate } from "./estimate/estimateAnswer";
import { EstimatePicker } from "./estimate/estimatePicker";
import { shapesAt } from "./estimate/estimateSubject";
import { estimateTable } from "./estimate/estimateTable";
import { csvReport } from "./report/csvReport";
import { markdownReport } from "./report/markdownReport";
import { checkpointBytes, readFacts } from "./views/checkpointFacts";

/**
 * Everything that is loaded after activation, when the first of it is needed: one bundle beside the extension's own, in
 * place of a file for every way in. To be imported with `import()` only.
 */
export const later = {
  answerEstimate,
  checkpointBytes,
  CheckpointDocument,
  csvReport,
  EditorPanel,
  Engine,
  EstimatePicker,
  estimateTable,
  inspectReport,
  markdownReport,
  readFacts,
  shapesAt,
  sourceOf,
  StoredStats,
  watchDocument,
};
