import type { DiagnosticFields } from "../../core/errors";
import type { FileRef } from "../../core/fileRef";
import type { ErrorState } from "../../core/calibrate/activationErrors";
import type { ActivationState } from "../../core/calibrate/activations";
import type { ChosenRange } from "../../core/calibrate/calibrationMethods";
import type { ThresholdFigures } from "../../core/calibrate/thresholds";
import type { ColumnErrors } from "../../core/gptq/outputErrors";
import type { ErrorTotals } from "../../core/measure/errorSums";
import type { BinRange } from "../../core/measure/histogram";
import type { ActivationErrorsTask } from "./activationErrorsTask";
import type { ActivationsTask } from "./activationsTask";
import type { AwqLayerTask, AwqScalesTask } from "./awqTasks";
import type { BlockTask, SquareSums } from "./blockTask";
import type { SharedControl } from "./control";
import type { DrawTask } from "./drawTask";
import type { EmbedTask } from "./embedTask";
import type { ErrorsTask } from "./errorsTask";
import type { FactorTask, SharedFactor } from "./factorTask";
import type { HeadTask } from "./headTask";
import type { HeatmapPart, HeatmapTask } from "./heatmapTask";
import type { HistogramTask } from "./histogramTask";
import type { InputMaxima, InputSamplesTask } from "./inputSamplesTask";
import type { InputSumsTask } from "./inputSumsTask";
import type { LayerRows, LayerRowsTask } from "./layerRowsTask";
import type { OutputErrorsTask } from "./outputErrorsTask";
import type { LayerSteps, LayerStepsTask } from "./layerStepsTask";
import type { PreviewPart, PreviewTask } from "./previewTask";
import type { QuantizedPieces, QuantizeTask } from "./quantizeTask";
import type { RangesTask } from "./rangesTask";
import type { RangeTask } from "./rangeTask";
import type { Pulse } from "./pulse";
import type { SumsTask } from "./sumsTask";
import type { TensorSums } from "./tensorSums";
import type { ScanResult, ScanTask } from "./scanTask";
import type { ThresholdsTask } from "./thresholdsTask";
import type { MatrixVectorTask, MatrixVectorTimes } from "./matrixVectorTask";
import type { WeightsTask } from "./weightsTask";

/** The work a worker can do on one file, by kind, and what comes back. Everything here can be cloned. */
export interface TaskKinds {
  scan: { task: ScanTask; result: ScanResult[] };
  histogram: { task: HistogramTask; result: number[] };
  range: { task: RangeTask; result: BinRange };
  sums: { task: SumsTask; result: TensorSums };
  errors: { task: ErrorsTask; result: ErrorTotals[][] };
  draw: { task: DrawTask; result: null };
  preview: { task: PreviewTask; result: PreviewPart };
  heatmap: { task: HeatmapTask; result: HeatmapPart };
  quantize: { task: QuantizeTask; result: QuantizedPieces };
  matrixVector: { task: MatrixVectorTask; result: MatrixVectorTimes };
  weights: { task: WeightsTask; result: null };
  embed: { task: EmbedTask; result: null };
  block: { task: BlockTask; result: SquareSums };
  head: { task: HeadTask; result: null };
  inputSamples: { task: InputSamplesTask; result: InputMaxima };
  awqScales: { task: AwqScalesTask; result: Float32Array };
  awqLayer: { task: AwqLayerTask; result: LayerRows };
  inputSums: { task: InputSumsTask; result: null };
  factor: { task: FactorTask; result: SharedFactor };
  layerRows: { task: LayerRowsTask; result: LayerRows };
  outputErrors: { task: OutputErrorsTask; result: ColumnErrors };
  layerSteps: { task: LayerStepsTask; result: LayerSteps };
  activations: { task: ActivationsTask; result: ActivationState[][] };
  activationErrors: { task: ActivationErrorsTask; result: ErrorState[] };
  ranges: { task: RangesTask; result: ChosenRange[] };
  thresholds: { task: ThresholdsTask; result: ThresholdFigures[] };
}

export type Task = TaskKinds[keyof TaskKinds]["task"];

/** Result of a task. */
export type ResultOf<T extends Task> = TaskKinds[T["kind"]]["result"];

/** A task on its way to a worker. */
export interface TaskRequest {
  task: Task;
  file: FileRef;
  control: SharedControl;
  /** Where calls of the HDF5 library are shown, for files that take it. */
  pulse?: Pulse;
}

/** An error on its way back: its class does not survive the crossing, so what makes it one is spelled out. */
export interface TaskFailure {
  kind: "format" | "usage" | "cancelled" | "internal";
  code: string;
  message: string;
  fields: DiagnosticFields;
  stack?: string;
}

export type TaskAnswer = { ok: true; result: unknown } | { ok: false; failure: TaskFailure };

/** What every worker is started with. */
export interface WorkerStart {
  kernels: WebAssembly.Module;
}
