import { UsageError } from "../core/errors";
import { type ChosenRange, findMethod, type Observed } from "../core/calibrate/calibrationMethods";
import { ActivationErrors, type ErrorFigures } from "../core/calibrate/activationErrors";
import type { ActivationFigures } from "../core/calibrate/activations";
import type { GrowingCounts } from "../core/calibrate/growingHistogram";
import { describeModel } from "../core/model/describe";
import { checkSequences } from "../core/model/sequences";
import { type AffineRange, affineRange } from "../core/quant/affineArithmetic";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { ForwardPass, noFile, tokensOf } from "./model/forwardPass";
import { layersSize } from "./model/forwardSize";
import { type HeardGroup, listenToLayer } from "./model/listen";
import type { SharedWeights } from "./tasks/blockTask";

export interface CalibrateInput {
  checkpoint: Checkpoint;
  /** Token ids that the model is run on. */
  samples: readonly Int32Array[];
  /** Identifiers of calibration methods. */
  methods: readonly string[];
  /** Of the quantized activations, 2 to 16. */
  bits: number;
  /** Called as each layer is done. */
  onTensor?(tensor: CalibratedTensor): void;
}

/** How one method would quantize the inputs of a linear layer, one range for all. */
export interface MethodReport {
  low: number;
  high: number;
  /** A code stands for scale · (code − zeroPoint); codes go from 0 to 2^bits − 1. */
  scale: number;
  zeroPoint: number;
  /** Mean squared error over all samples. */
  mse: number;
  /** What was compared, for methods that search. */
  curve?: readonly { threshold: number; loss: number }[];
}

/** The inputs of a linear layer. */
export interface CalibratedTensor {
  /** Of its weight in the checkpoint. */
  name: string;
  /** Number of the inputs, from 0: layers with the same ones (query, key and value) have the same figures. */
  input: number;
  min: number;
  max: number;
  /** Mean of the squares. */
  meanSquare: number;
  /** Of all values. */
  histogram: GrowingCounts;
  /** Greatest magnitude of each column: how much a few channels stand out. */
  channelMax: Float32Array;
  methods: Record<string, MethodReport>;
  /** Mean squared error with a range of its own for each token. */
  dynamicMse: number;
  /** What the ranges chosen from the first samples do to all of them: how much data is enough. */
  sweep: { samples: number; mse: Record<string, number> }[];
}

export interface CalibrateReport {
  samples: number;
  tokens: number;
  bits: number;
  /** In the order of the model. Layers with the same inputs have the same figures. */
  tensors: CalibratedTensor[];
  elapsedMs: number;
}

/**
 * Runs a model on samples and finds ranges for static quantization of the inputs of its linear layers. Each layer runs twice: to choose
 * the ranges, and to measure what they do.
 *
 * @throws UsageError `bad-bits`, `unknown-method`, `no-samples`, `bad-id`, `too-long`, `too-large`; FormatError for models that cannot
 *   be run; CancelledError
 */
export async function calibrate(pool: TaskRunner, input: CalibrateInput, context: JobContext): Promise<CalibrateReport> {
  const startedAt = performance.now();
  const { checkpoint, samples, methods, bits } = input;
  checkOptions(input);
  const description = await describeModel(checkpoint);
  checkSequences(description, samples);
  const size = layersSize(
    checkpoint,
    description,
    samples.map((ids) => ids.length),
    pool.threads,
  );
  return JobRun.run(pool, context, size, async (run) => {
    const pass = new ForwardPass(run, checkpoint, description, samples, pool.threads);
    await pass.embed();
    const tensors: CalibratedTensor[] = [];
    const stops = sweepStops(samples.length);
    let inputs = 0;
    for (let layer = 0; layer < description.layers.length; layer++) {
      const weights = await pass.loadLayer(layer);
      const heard = await listenToLayer(run, pass, layer, weights, { runsOn: false, stops });
      const chosen = await Promise.all(heard.map((group) => chooseRanges(run, group, methods, bits)));
      const errors = await measureLayer(run, pass, layer, weights, heard, chosen, bits);
      heard.forEach((group, i) => {
        const place = inputs++;
        for (const name of group.tensors) {
          const tensor = tensorReport({ name, input: place }, group.states.at(-1)!, chosen[i]!, errors[i]!, { methods, bits, stops });
          tensors.push(tensor);
          input.onTensor?.(tensor);
        }
      });
    }
    return { samples: samples.length, tokens: pass.tokens, bits, tensors, elapsedMs: performance.now() - startedAt };
  });
}

function checkOptions({ samples, methods, bits }: CalibrateInput): void {
  checkBits(bits);
  if (samples.length === 0) throw new UsageError("no-samples", "There are no samples to calibrate with", { expected: "at least one" });
  for (const method of methods) findMethod(method);
}

/** @throws UsageError `bad-bits` */
export function checkBits(bits: number): void {
  if (!(Number.isInteger(bits) && bits >= 2 && bits <= 16)) {
    throw new UsageError("bad-bits", `Activations are quantized to 2 to 16 bits, not ${bits}`, {
      expected: "2 to 16",
      found: String(bits),
    });
  }
}

/** 1, 2, 4 … and all. */
function sweepStops(samples: number): number[] {
  const stops: number[] = [];
  for (let stop = 1; stop < samples; stop *= 2) stops.push(stop);
  return [...stops, samples];
}

/** Ranges by number of samples, then by method. */
function chooseRanges(run: JobRun, { states }: HeardGroup, methods: readonly string[], bits: number): Promise<ChosenRange[][]> {
  return Promise.all(
    states.map(({ min, max, histogram }) => {
      const observed = observedOf({ min, max, histogram });
      return run.task({ kind: "ranges", observed, methods: [...methods], bits }, noFile);
    }),
  );
}

/** What a calibrator gets to see. Without a finite value there is nothing to choose. */
export function observedOf({ min, max, histogram }: Pick<CalibratedTensor, "min" | "max" | "histogram">): Observed {
  return min <= max ? { low: min, high: max, histogram } : { low: 0, high: 0, histogram };
}

const codesOf = ({ low, high }: ChosenRange, bits: number): AffineRange => affineRange(low, high, bits, false);

/** Runs the block to its end. @returns errors of every range, by group */
async function measureLayer(
  run: JobRun,
  pass: ForwardPass,
  layer: number,
  weights: SharedWeights,
  heard: readonly HeardGroup[],
  chosen: readonly ChosenRange[][][],
  bits: number,
): Promise<ErrorFigures[]> {
  const groups = heard.map(({ tensors, columns }) => ({ tensors, columns }));
  const ranges = chosen.map((byStop) => byStop.flat().map((range) => codesOf(range, bits)));
  const bytes = pass.weights.layerBytes(pass.description, layer);
  const answers = await Promise.all(
    pass.parts.map((part) => {
      const share = Math.floor((bytes * tokensOf(part)) / pass.tokens);
      const block = pass.description.layers[layer]!;
      return run.task({ kind: "activationErrors", layer: block, part, weights, share, groups, ranges, bits }, noFile);
    }),
  );
  return groups.map(({ columns }, group) => {
    const all = new ActivationErrors(columns, ranges[group]!, bits);
    for (const states of answers) all.merge(states[group]!);
    return all.result();
  });
}

function tensorReport(
  which: Pick<CalibratedTensor, "name" | "input">,
  { min, max, histogram, channelMax }: ActivationFigures,
  chosen: readonly ChosenRange[][],
  { values, fixed, dynamic, signal }: ErrorFigures,
  { methods, bits, stops }: { methods: readonly string[]; bits: number; stops: readonly number[] },
): CalibratedTensor {
  const mean = (sum: number): number => (values > 0 ? sum / values : 0);
  const mseOf = (stop: number, method: number): number => mean(fixed[stop * methods.length + method]!);
  const last = stops.length - 1;
  return {
    ...which,
    min,
    max,
    meanSquare: mean(signal),
    histogram,
    channelMax,
    methods: Object.fromEntries(
      methods.map((id, method) => {
        const { low, high, curve } = chosen[last]![method]!;
        const { scale, zeroPoint } = affineRange(low, high, bits, false);
        return [id, { low, high, scale, zeroPoint, mse: mseOf(last, method), ...(curve ? { curve } : {}) }];
      }),
    ),
    dynamicMse: mean(dynamic),
    sweep: stops.map((samples, stop) => ({
      samples,
      mse: Object.fromEntries(methods.map((id, method) => [id, mseOf(stop, method)])),
    })),
  };
}
