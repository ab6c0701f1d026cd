import { calibrate } from "./calibrate";
import { collectImatrix } from "./collectImatrix";
import type { Command } from "./command";
import { compareTypes } from "./compareTypes";
import { estimateSize } from "./estimateSize";
import { exploreGptq } from "./exploreGptq";
import { exportReport } from "./exportReport";
import { goToTensor } from "./goToTensor";
import { cancelJob, clearJobs } from "./jobs";
import { measurePerplexity } from "./measurePerplexity";
import { openAsText } from "./openAsText";
import { openCheckpoint } from "./openCheckpoint";
import { openPlayground } from "./openPlayground";
import { openEstimator } from "./openEstimator";
import { openLesson, openLessonSteps, resetLesson } from "./openLesson";
import { openSample } from "./openSample";
import { openWalkthrough } from "./openWalkthrough";
import { openWith } from "./openWith";
import { quantize } from "./quantize";
import { refreshCheckpoints } from "./refreshCheckpoints";
import { reload } from "./reload";
import { cancelScan, scan } from "./scan";
import { showLog } from "./showLog";
import { walkthroughStep } from "./walkthroughStep";

/** Every command the manifest contributes: one file each, one line here. */
export const commands: readonly Command[] = [
  openCheckpoint,
  openSample,
  openWalkthrough,
  walkthroughStep,
  openPlayground,
  openWith,
  goToTensor,
  scan,
  cancelScan,
  compareTypes,
  measurePerplexity,
  quantize,
  calibrate,
  collectImatrix,
  exploreGptq,
  estimateSize,
  openEstimator,
  openLesson,
  openLessonSteps,
  resetLesson,
  exportReport,
  reload,
  openAsText,
  showLog,
  refreshCheckpoints,
  cancelJob,
  clearJobs,
];
