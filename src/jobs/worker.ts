/** What the threads of the pool run: each takes one task at a time and keeps its kernels and their memory. */
import { createRequire } from "node:module";
import path from "node:path";
import { workerData } from "node:worker_threads";
import { CancelledError, FormatError, UsageError } from "../core/errors";
import { type FileRef, needsHdf5 } from "../core/fileRef";
import { type Hdf5Slices, provideHdf5Slices } from "../core/formats/hdf5/library";
import { runAwqLayer, runAwqScales } from "./tasks/awqTasks";
import { runBlockTask } from "./tasks/blockTask";
import { runActivationErrors } from "./tasks/activationErrorsTask";
import { runActivations } from "./tasks/activationsTask";
import { openSource } from "./tasks/byteSource";
import { TaskControl } from "./tasks/control";
import { runDraw } from "./tasks/drawTask";
import { runEmbed } from "./tasks/embedTask";
import { runErrors } from "./tasks/errorsTask";
import { runFactor } from "./tasks/factorTask";
import { runHead } from "./tasks/headTask";
import { runHeatmap } from "./tasks/heatmapTask";
import { runHistogram } from "./tasks/histogramTask";
import { runInputSamples } from "./tasks/inputSamplesTask";
import { runInputSums } from "./tasks/inputSumsTask";
import { runLayerRows } from "./tasks/layerRowsTask";
import { runOutputErrors } from "./tasks/outputErrorsTask";
import { runLayerSteps } from "./tasks/layerStepsTask";
import { type Pulse, withPulse } from "./tasks/pulse";
import { runPreview } from "./tasks/previewTask";
import { runQuantize } from "./tasks/quantizeTask";
import { runRanges } from "./tasks/rangesTask";
import { runRange } from "./tasks/rangeTask";
import { runScan } from "./tasks/scanTask";
import { runSums } from "./tasks/sumsTask";
import type { TaskEnvironment } from "./tasks/slice";
import type { Task, TaskAnswer, TaskFailure, TaskRequest, WorkerStart } from "./tasks/task";
import { runThresholds } from "./tasks/thresholdsTask";
import { runMatrixVector } from "./tasks/matrixVectorTask";
import { runWeights } from "./tasks/weightsTask";
import { Workspace } from "./tasks/workspace";

let workspace: Workspace | undefined;

/** Carries out one task. Never throws: failures are part of the answer. */
export async function runTask({ task, file, control: shared, pulse }: TaskRequest): Promise<TaskAnswer> {
  try {
    const control = new TaskControl(shared);
    control.check();
    workspace ??= new Workspace((workerData as WorkerStart).kernels);
    await prepare(file, pulse);
    const source = openSource(file);
    try {
      return { ok: true, result: carryOut(task, { workspace, source, control }) };
    } finally {
      source.close();
    }
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

let hdf5: Promise<Hdf5Slices> | undefined;

/** Loads the HDF5 library, a large bundle beside this one, when the file needs it: what follows reads synchronously. */
async function prepare(file: FileRef, pulse: Pulse | undefined): Promise<void> {
  if (!needsHdf5(file)) return;
  const bundle = path.join(__dirname, "hdf5.js");
  hdf5 ??= (createRequire(bundle)(bundle) as { loadSlices(): Promise<Hdf5Slices> }).loadSlices();
  const slices = await hdf5;
  provideHdf5Slices(pulse ? withPulse(slices, pulse) : slices);
}

function carryOut(task: Task, environment: TaskEnvironment): unknown {
  switch (task.kind) {
    case "scan":
      return runScan(task, environment);
    case "histogram":
      return runHistogram(task, environment);
    case "range":
      return runRange(task, environment);
    case "sums":
      return runSums(task, environment);
    case "errors":
      return runErrors(task, environment);
    case "draw":
      return runDraw(task, environment);
    case "preview":
      return runPreview(task, environment);
    case "heatmap":
      return runHeatmap(task, environment);
    case "quantize":
      return runQuantize(task, environment);
    case "matrixVector":
      return runMatrixVector(task, environment);
    case "weights":
      return runWeights(task, environment);
    case "embed":
      return runEmbed(task, environment);
    case "block":
      return runBlockTask(task, environment);
    case "activations":
      return runActivations(task, environment);
    case "activationErrors":
      return runActivationErrors(task, environment);
    case "ranges":
      return runRanges(task, environment);
    case "thresholds":
      return runThresholds(task, environment);
    case "head":
      return runHead(task, environment);
    case "inputSamples":
      return runInputSamples(task, environment);
    case "awqScales":
      return runAwqScales(task, environment);
    case "awqLayer":
      return runAwqLayer(task, environment);
    case "inputSums":
      return runInputSums(task, environment);
    case "factor":
      return runFactor(task, environment);
    case "layerRows":
      return runLayerRows(task, environment);
    case "outputErrors":
      return runOutputErrors(task, environment);
    case "layerSteps":
      return runLayerSteps(task, environment);
  }
}

function failureOf(error: unknown): TaskFailure {
  if (error instanceof FormatError) return { kind: "format", code: error.code, message: error.message, fields: error.fields };
  if (error instanceof UsageError) return { kind: "usage", code: error.code, message: error.message, fields: error.fields };
  if (error instanceof CancelledError) return { kind: "cancelled", code: error.code, message: error.message, fields: {} };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: "internal", code: "internal", message, fields: {}, stack };
}
