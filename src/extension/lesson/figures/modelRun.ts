import type { Observed } from "../../../core/calibrate/calibrationMethods";
import { usualMethods } from "../../../core/calibrate/calibrationMethods";
import type { ThresholdFigures } from "../../../core/calibrate/thresholds";
import { describeModel } from "../../../core/model/describe";
import type { Checkpoint } from "../../../core/tensor/checkpoint";
import { observedOf } from "../../../jobs/calibrateJob";
import type { JobContext } from "../../../jobs/contract";
import type { Engine } from "../../../jobs/engine";
import type { ActivationFigure, JudgedThreshold, LayerFigures } from "../../../protocol/lessonFigures";
import { binnedMagnitudes, curveThresholds } from "../../calibration/seenInputs";

/** What figures that run a model ask of the job engine. */
export type ModelEngine = Pick<Engine, "layerSteps" | "calibrate" | "thresholds">;

/** A model, and the tokens that it is run on. */
export interface OpenedModel {
  checkpoint: Checkpoint;
  samples: readonly Int32Array[];
}

const shownBits = [2, 3, 4] as const;

interface Heard {
  figure: ActivationFigure;
  observed: Observed;
  meanSquare: number;
}

/** Runs a model on a calibration text, once for each figure. */
export class ModelRun {
  private readonly kept = new Map<string, Promise<unknown>>();

  constructor(
    private readonly open: () => Promise<OpenedModel>,
    private readonly engine: () => Promise<ModelEngine>,
    private readonly life: AbortSignal,
  ) {}

  layers(): Promise<LayerFigures> {
    return this.once("layers", async () => {
      const { checkpoint, samples } = await this.opened();
      const engine = await this.engine();
      const { gptq, awq, ...rest } = await engine.layerSteps({ checkpoint, samples, bits: shownBits }, this.context());
      return {
        ...rest,
        awq,
        gptq: gptq.map(({ rows, columns, bits, gptqErrors, roundingErrors, gptqRmse, roundingRmse, changes, roundingChange }) => ({
          ...{ rows, columns, bits, gptqErrors, roundingErrors, gptqRmse, roundingRmse },
          changes: changes.map((change) => Array.from(change)),
          roundingChange: Array.from(roundingChange),
        })),
      };
    });
  }

  async activations(bits: number): Promise<ActivationFigure> {
    return (await this.heard(bits)).figure;
  }

  /** What one threshold does to them. */
  async threshold(bits: number, threshold: number): Promise<JudgedThreshold> {
    const { observed, meanSquare } = await this.heard(bits);
    const engine = await this.engine();
    const [figures] = await engine.thresholds({ observed, bits, thresholds: [threshold] }, this.context());
    return judged(figures!, meanSquare);
  }

  /** The inputs of the middle block's feed-forward output: those with the longest tails. */
  private heard(bits: number): Promise<Heard> {
    return this.once(`activations ${bits}`, async () => {
      const { checkpoint, samples } = await this.opened();
      const engine = await this.engine();
      const report = await engine.calibrate({ checkpoint, samples, methods: usualMethods, bits }, this.context());
      const { layers } = await describeModel(checkpoint);
      const output = layers[Math.floor(layers.length / 2)]!.feedForward.output.tensor;
      const tensor = report.tensors.find(({ name }) => name === output)!;
      const observed = observedOf(tensor);
      const histogram = binnedMagnitudes(observed);
      const marks = Object.entries(tensor.methods).map(([method, { low, high }]) => ({ method, threshold: Math.max(-low, high) }));
      const curve = curveThresholds(histogram.max);
      const thresholds = [...curve, ...marks.map(({ threshold }) => threshold)];
      const figures = await engine.thresholds({ observed, bits, thresholds }, this.context());
      return {
        observed,
        meanSquare: tensor.meanSquare,
        figure: {
          tensor: tensor.name,
          tokens: report.tokens,
          values: report.tokens * tensor.channelMax.length,
          histogram,
          curve: figures.slice(0, curve.length),
          methods: marks.map(({ method }, i) => ({ method, ...judged(figures[curve.length + i]!, tensor.meanSquare) })),
        },
      };
    });
  }

  private opened(): Promise<OpenedModel> {
    return this.once("samples", this.open);
  }

  private context(): JobContext {
    return { signal: this.life, progress: () => undefined };
  }

  /** What failed may be asked for again. */
  private once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key) as Promise<T> | undefined;
    if (known) return known;
    const made = work();
    this.kept.set(key, made);
    made.catch(() => this.kept.delete(key));
    return made;
  }
}

function judged(figures: ThresholdFigures, meanSquare: number): JudgedThreshold {
  return { ...figures, sqnrDb: figures.mse > 0 && meanSquare > 0 ? 10 * Math.log10(meanSquare / figures.mse) : null };
}
