import { signalToNoise } from "../../core/calibrate/activationErrors";
import { type Observed, observedMagnitudes } from "../../core/calibrate/calibrationMethods";
import { channelBlocks, medianChannel, outlierRatio, worstChannels } from "../../core/calibrate/outlierChannels";
import type { BinRange } from "../../core/measure/histogram";
import { type CalibratedTensor, observedOf } from "../../jobs/calibrateJob";
import type { CalibratedInput, InputDetail } from "../../protocol/calibration";
import { placeInModel } from "../errors/errorTensors";

/** Runs of channels of an input that the heat map shows. */
const heatBlocks = 32;
/** Channels of an input that are listed. */
const listedChannels = 16;
/** Bars of a histogram. */
const drawnBins = 256;
/** Points of a curve: a threshold every two bars of the histogram. */
const curvePoints = 128;

/** What entered some layers, and all that is needed to judge other ranges for it. */
export interface SeenInput {
  row: CalibratedInput;
  observed: Observed;
}

/** Puts the layers with the same inputs together, as they come. */
export class InputGatherer {
  private open: CalibratedTensor[] = [];

  /** @param done called with each input once all layers that it enters are known */
  constructor(private readonly done: (seen: SeenInput) => void) {}

  add(tensor: CalibratedTensor): void {
    if (this.open.length > 0 && this.open[0]!.input !== tensor.input) this.finish();
    this.open.push(tensor);
  }

  /** There are no more. */
  finish(): void {
    const [first] = this.open;
    if (!first) return;
    this.done({ row: rowOf(this.open), observed: observedOf(first) });
    this.open = [];
  }
}

function rowOf(tensors: readonly CalibratedTensor[]): CalibratedInput {
  const { name, meanSquare, channelMax, methods, dynamicMse, sweep } = tensors[0]!;
  const { layer } = placeInModel(name);
  const median = medianChannel(channelMax);
  const observed = observedOf(tensors[0]!);
  return {
    name,
    weights: tensors.map((tensor) => tensor.name),
    ...(layer === undefined ? {} : { layer }),
    kind: tensors.map((tensor) => placeInModel(tensor.name).kind).join(", "),
    columns: channelMax.length,
    values: observedMagnitudes(observed).counts.reduce((sum, count) => sum + count, 0),
    min: observed.low,
    max: observed.high,
    absMax: thresholdOf(observed),
    outlierRatio: finite(outlierRatio(channelMax)),
    medianChannel: median,
    blocks: channelBlocks(channelMax, heatBlocks).map((most) => finite(most / median)),
    worst: worstChannels(channelMax, listedChannels),
    methods: Object.fromEntries(
      Object.entries(methods).map(([id, { low, high, scale, zeroPoint, mse }]) => [
        id,
        { low, high, scale, zeroPoint, mse, sqnrDb: finite(signalToNoise(meanSquare, mse)) },
      ]),
    ),
    dynamic: { mse: dynamicMse, sqnrDb: finite(signalToNoise(meanSquare, dynamicMse)) },
    sweep,
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The threshold whose range is that of a method: ranges are clipped to what was seen. */
export function thresholdOf({ low, high }: BinRange): number {
  return Math.max(-low, high, 0);
}

/** Counts of magnitudes in the bars of a drawing. Zeros alone get a range of 1, since bars need a width. */
export function binnedMagnitudes(observed: Observed): InputDetail["histogram"] {
  const { max, counts } = observedMagnitudes(observed);
  const each = counts.length / drawnBins;
  return {
    max: max > 0 ? max : 1,
    counts: Array.from({ length: drawnBins }, (_, bin) =>
      counts.slice(bin * each, (bin + 1) * each).reduce((sum, count) => sum + count, 0),
    ),
  };
}

/** Thresholds of a curve: evenly up to the greatest magnitude. */
export function curveThresholds(max: number): number[] {
  return Array.from({ length: curvePoints }, (_, i) => (max * (i + 1)) / curvePoints);
}
