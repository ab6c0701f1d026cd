import { join } from "node:path";
import { provideHdf5Lister, provideHdf5Reader } from "../core/formats/hdf5/library";
import { hdf5ListerOf } from "../io/hdf5Lister";
import { hdf5ReaderOf } from "../io/hdf5Reader";
import { inspectReport } from "../jobs/inspect";
import { Engine } from "../jobs/engine";
import { writeFormats } from "../jobs/writeFormat";
import { usualChoice } from "./calibration/calibration";
import { CalibrationPanel } from "./calibration/calibrationPanel";
import { collectImatrix } from "./calibration/collectImatrix";
import { CheckpointDocument } from "./document/checkpointDocument";
import { watchDocument } from "./document/documentWatcher";
import { sourceOf } from "./document/openUri";
import { StoredStats } from "./document/storedStats";
import { EditorPanel } from "./editor/editorPanel";
import { ErrorsPanel } from "./errors/errorsPanel";
import { EstimatePicker } from "./estimate/estimatePicker";
import { typeWords } from "./estimate/typeWords";
import { passedGptqChoice } from "./gptq/gptqChoice";
import { usualGptqChoice } from "./gptq/gptqExplorer";
import { GptqPanel } from "./gptq/gptqPanel";
import { EstimatorPanel } from "./estimate/estimatorPanel";
import { LessonPanel } from "./lesson/lessonPanel";
import { askPerplexity, PerplexityPanel } from "./perplexity/perplexityPanel";
import { passedChoice } from "./perplexity/perplexityChoice";
import { PlaygroundPanel } from "./playground/playgroundPanel";
import { calibratedMethods, presetOf } from "./quantize/quantizeChoices";
import { quantizeCheckpoint } from "./quantize/quantizeCheckpoint";
import { csvReport } from "./report/csvReport";
import { markdownReport } from "./report/markdownReport";
import { passedText } from "./text/textChoice";
import { askText } from "./text/textSteps";
import { checkpointBytes, readFacts } from "./views/checkpointFacts";

// All bundles lie in one folder.
provideHdf5Lister(hdf5ListerOf(join(__dirname, "hdf5.js")));
provideHdf5Reader(hdf5ReaderOf(join(__dirname, "hdf5.js")));

/**
 * Everything that is loaded after activation, when the first of it is needed: one bundle beside the extension's own, in
 * place of a file for every way in. To be imported with `import()` only.
 */
export const later = {
  askPerplexity,
  askText,
  calibratedMethods,
  CalibrationPanel,
  checkpointBytes,
  CheckpointDocument,
  collectImatrix,
  csvReport,
  EditorPanel,
  Engine,
  ErrorsPanel,
  EstimatePicker,
  GptqPanel,
  EstimatorPanel,
  inspectReport,
  LessonPanel,
  markdownReport,
  passedChoice,
  passedGptqChoice,
  passedText,
  PerplexityPanel,
  PlaygroundPanel,
  presetOf,
  quantizeCheckpoint,
  readFacts,
  sourceOf,
  StoredStats,
  typeWords,
  usualChoice,
  usualGptqChoice,
  watchDocument,
  writeFormats,
};
