import type { BlockReport, HeatmapReport } from "../protocol/editor";
import type { ChosenRange } from "../core/calibrate/calibrationMethods";
import type { ImportanceReport } from "../core/calibrate/importanceFigures";
import type { ThresholdFigures } from "../core/calibrate/thresholds";
import type { ShapedData } from "../core/shaped/shapedValues";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { readBlock } from "./blockJob";
import type { LayerStore } from "./calibrated/layerStore";
import { type CalibratedWrite, memoryForWrite } from "./calibrated/calibratedWrite";
import { quantizeLayers, type QuantizeLayersInput } from "./calibrated/quantizeLayers";
import type {
  BlockInput,
  ErrorsInput,
  ErrorsReport,
  HeatmapInput,
  JobContext,
  MatrixVectorReport,
  PreviewInput,
  PreviewReport,
  StatsInput,
  StatsReport,
  ValuesInput,
  ValuesReport,
} from "./contract";
import { calibrate, type CalibrateInput, type CalibrateReport } from "./calibrateJob";
import { type CollectedLayer, collectLayer, type CollectLayerInput } from "./gptq/collectLayer";
import { compareSettings, type CompareSettingsInput } from "./gptq/compareSettings";
import { type ImatrixInput, type ImatrixReport, makeImatrix } from "./imatrixJob";
import { describeImportance, type ImportanceInput } from "./importanceJob";
import { chooseRanges, type RangesInput } from "./rangesJob";
import { type LayerStepsInput, type LayerStepsReport, watchLayers } from "./layerStepsJob";
import { judgeThresholds, type ThresholdsInput } from "./thresholdsJob";
import { drawCheckpoint } from "./drawJob";
import { measureErrors } from "./errorsJob";
import { drawHeatmap } from "./heatmapJob";
import { measureErrorsPart, measureStatsPart } from "./partJobs";
import type { ErrorsPart, StatsPart } from "./partReport";
import { measurePerplexity, type PerplexityInput, type PerplexityReport } from "./perplexityJob";
import { type MatrixVectorInput, timeMatrixVector } from "./matrixVectorJob";
import { previewScheme } from "./previewJob";
import { computeLogits, type LogitsInput, type LogitsReport } from "./logitsJob";
import { measureStats } from "./statsJob";
import { quantizeCheckpoint, type QuantizeInput, type QuantizeReport } from "./quantizeJob";
import { fitToSize, type FittedTypes, type TargetSizeInput } from "./targetSizeJob";
import type { Part } from "./tensorParts";
import { readValues } from "./valuesJob";
import { type PoolOptions, WorkerPool } from "./workerPool";

/**
 * All computing of the product, on one pool of worker threads that starts when it is first needed. Every method throws
 * `CancelledError` once its signal is aborted, `UsageError` for input that makes no sense, and `FormatError` when a
 * file is not what its header says; jobs may run at the same time.
 */
export class Engine {
  private readonly pool: WorkerPool;

  /** @param pool one that is the engine's alone from now on, or how to make it */
  constructor(pool: WorkerPool | PoolOptions) {
    this.pool = pool instanceof WorkerPool ? pool : new WorkerPool(pool);
  }

  /** Statistics and histograms of tensors. */
  stats(input: StatsInput, context: JobContext): Promise<StatsReport> {
    return measureStats(this.pool, input, context);
  }

  /** What storing tensors with each of some schemes does to their values. */
  errors(input: ErrorsInput, context: JobContext): Promise<ErrorsReport> {
    return measureErrors(this.pool, input, context);
  }

  /** One of several shares of {@link stats}, whose results `mergeStatsParts` puts together. */
  statsPart(input: StatsInput & { part: Part }, context: JobContext): Promise<StatsPart> {
    return measureStatsPart(this.pool, input, context);
  }

  /** One of several shares of {@link errors}, whose results `mergeErrorsParts` puts together. */
  errorsPart(input: ErrorsInput & { part: Part }, context: JobContext): Promise<ErrorsPart> {
    return measureErrorsPart(this.pool, input, context);
  }

  /** One tensor before and after one scheme. Sampled first where that takes long, see {@link PreviewInput.onRefined}. */
  preview(input: PreviewInput, context: JobContext): Promise<PreviewReport> {
    return previewScheme(this.pool, input, context);
  }

  /** A tensor of drawn values, in memory, as a checkpoint. */
  draw(data: ShapedData, context: JobContext): Promise<Checkpoint> {
    return drawCheckpoint(this.pool, data, context);
  }

  /** A page of decoded values. */
  values(input: ValuesInput, context: JobContext): Promise<ValuesReport> {
    return readValues(input, context);
  }

  /** The quantized block that holds a value, taken apart; null for types without blocks. */
  block(input: BlockInput, context: JobContext): Promise<BlockReport | null> {
    return readBlock(input, context);
  }

  /** A picture of a whole tensor. */
  heatmap(input: HeatmapInput, context: JobContext): Promise<HeatmapReport> {
    return drawHeatmap(this.pool, input, context);
  }

  /** The types with the least error of which a file is no larger than asked for. */
  fitToSize(input: TargetSizeInput, context: JobContext): Promise<FittedTypes> {
    return fitToSize(this.pool, input, context);
  }

  /** Ranges for static quantization of what enters the linear layers of a model. */
  calibrate(input: CalibrateInput, context: JobContext): Promise<CalibrateReport> {
    return calibrate(this.pool, input, context);
  }

  /** What clipping those at other thresholds would do. */
  thresholds(input: ThresholdsInput, context: JobContext): Promise<ThresholdFigures[]> {
    return judgeThresholds(this.pool, input, context);
  }

  /** Ranges that other calibration methods choose for those. */
  ranges(input: RangesInput, context: JobContext): Promise<ChosenRange[]> {
    return chooseRanges(this.pool, input, context);
  }

  /** GPTQ and AWQ at work on two layers of a model, step by step. */
  layerSteps(input: LayerStepsInput, context: JobContext): Promise<LayerStepsReport> {
    return watchLayers(this.pool, input, context);
  }

  /** What an importance matrix covers. */
  importance(input: ImportanceInput, context: JobContext): Promise<ImportanceReport> {
    return describeImportance(input, context);
  }

  /** Writes the importance matrix of a model over a text. */
  imatrix(input: ImatrixInput, context: JobContext): Promise<ImatrixReport> {
    return makeImatrix(this.pool, input, context);
  }

  /** Writes a checkpoint in other types, as planned. */
  quantize(input: QuantizeInput, context: JobContext): Promise<QuantizeReport> {
    return quantizeCheckpoint(this.pool, input, context);
  }

  /** Bytes of memory that {@link quantizeLayers} takes at most for a file. @throws UsageError `too-large` */
  memoryForWrite(write: CalibratedWrite): Promise<number> {
    return memoryForWrite(write, this.pool.threads);
  }

  /** Quantizes the linear layers of a model by GPTQ, over a text. */
  quantizeLayers(input: QuantizeLayersInput, context: JobContext): Promise<LayerStore> {
    return quantizeLayers(this.pool, input, context);
  }

  /** What enters one linear layer of a model on a text. */
  collectLayer(input: CollectLayerInput, context: JobContext): Promise<CollectedLayer> {
    return collectLayer(this.pool, input, context);
  }

  /** What GPTQ with several settings, and rounding, do to the outputs of that layer. */
  compareSettings(input: CompareSettingsInput, context: JobContext): Promise<void> {
    return compareSettings(this.pool, input, context);
  }

  /** What a model answers to token ids. */
  logits(input: LogitsInput, context: JobContext): Promise<LogitsReport> {
    return computeLogits(this.pool, input, context);
  }

  /** How well a model foresees a text, and how far its answers are from another's. */
  perplexity(input: PerplexityInput, context: JobContext): Promise<PerplexityReport> {
    return measurePerplexity(this.pool, input, context);
  }

  /** How long products of a matrix with a vector take, in float32 and in INT8. */
  matrixVector(input: MatrixVectorInput, context: JobContext): Promise<MatrixVectorReport> {
    return timeMatrixVector(this.pool, input, context);
  }

  /** Stops the threads. Jobs under way fail with `CancelledError`. */
  dispose(): Promise<void> {
    return this.pool.dispose();
  }
}
