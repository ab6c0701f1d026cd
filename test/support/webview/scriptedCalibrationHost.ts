import type { ThresholdFigures } from "../../../src/core/calibrate/thresholds";
import {
  type CalibratedInput,
  type CalibrationPicture,
  calibrationProtocol,
  type InputDetail,
  type MethodFigures,
} from "../../../src/protocol/calibration";
import { NotedPageHost } from "./notedPageHost";

export type ReadyCalibration = Extract<CalibrationPicture, { kind: "ready" }>;

const kinds = ["q_proj, k_proj, v_proj", "o_proj", "gate_proj, up_proj", "down_proj"];
const methods = ["minmax", "percentile", "mse", "entropy"];

/** An input whose greatest magnitude is `absMax`, at channel 5 of 64; method number m has a ratio of 30 + m + `place` decibels. */
export function syntheticInput(place: number, absMax = 4 + place): CalibratedInput {
  const layer = Math.floor(place / kinds.length);
  const kind = kinds[place % kinds.length]!;
  const weights = kind.split(", ").map((name) => `model.layers.${layer}.block.${name}.weight`);
  const figures = (m: number): MethodFigures => {
    const high = absMax / (m + 1);
    return { low: -high, high, scale: (2 * high) / 255, zeroPoint: 128, mse: 10 ** (-(30 + m + place) / 10), sqnrDb: 30 + m + place };
  };
  return {
    name: weights[0]!,
    weights,
    layer,
    kind,
    columns: 64,
    values: 65_536,
    min: -absMax,
    max: absMax / 2,
    absMax,
    outlierRatio: absMax,
    medianChannel: 1,
    blocks: Array.from({ length: 32 }, (_, block) => (block === 2 ? absMax : 1)),
    worst: Array.from({ length: 4 }, (_, rank) => ({ channel: 5 + rank, max: absMax / (rank + 1) })),
    methods: Object.fromEntries(methods.map((method, m) => [method, figures(m)])),
    dynamic: { mse: 1e-4, sqnrDb: 40 },
    sweep: [1, 2, 4].map((samples) => ({ samples, mse: Object.fromEntries(methods.map((method, m) => [method, (m + 1) / samples])) })),
  };
}

/** What a threshold does to a made-up input: the less is kept, the more is clipped. */
export function judge(absMax: number, threshold: number): ThresholdFigures {
  return {
    threshold,
    low: -threshold,
    high: threshold,
    scale: threshold / 128,
    zeroPoint: 128,
    clipped: Math.round(1000 * Math.max(0, 1 - threshold / absMax)),
    mse: 0.001 + (threshold / absMax - 0.6) ** 2,
    divergence: threshold / absMax < 0.1 ? null : Math.abs(threshold / absMax - 0.4),
  };
}

/** A finished calibration of eight inputs. */
export function readyCalibration(patch: Partial<ReadyCalibration> = {}): ReadyCalibration {
  return {
    kind: "ready",
    name: "synthetic.safetensors",
    uri: "file:///synthetic.safetensors",
    choice: { samples: 4, length: 128, bits: 8 },
    text: { name: "words.txt", samples: 4, tokens: 512 },
    methods,
    inputs: Array.from({ length: 8 }, (_, place) => syntheticInput(place)),
    run: { kind: "done", elapsedMs: 900 },
    locale: "en",
    strings: {},
    ...patch,
  };
}

/** A host of a Calibration page whose picture is the test's, and which judges thresholds as {@link judge} does. What the page asks is noted. */
export class ScriptedCalibrationHost extends NotedPageHost {
  constructor(private readonly picture: () => CalibrationPicture) {
    super();
  }

  protected override answer(): void {
    const p = calibrationProtocol;
    this.connection.onRequest(p.initialize, () => this.picture());
    this.connection.onRequest(p.detail, ({ input }) => this.detail(input));
    this.connection.onRequest(p.threshold, ({ input, threshold }) => {
      this.asked.push({ name: "threshold", params: { input, threshold } });
      return judge(this.input(input).absMax, threshold);
    });
    this.connection.onRequest(p.onnxEntropy, ({ input }) => judge(this.input(input).absMax, 0.9 * this.input(input).absMax));
    this.note([p.start, p.cancel, p.chooseText, p.setBits, p.collectImatrix, p.export, p.copy, p.save, p.openTensor], p.save);
  }

  private input(place: number): CalibratedInput {
    const picture = this.picture();
    if (picture.kind !== "ready") throw new Error("There are no inputs.");
    return picture.inputs[place]!;
  }

  private detail(place: number): InputDetail {
    const { absMax, methods: found } = this.input(place);
    const counts = Array.from({ length: 128 }, (_, bin) => Math.round(20_000 * Math.exp(-bin / 12)));
    return {
      histogram: { max: absMax, counts },
      curve: Array.from({ length: 64 }, (_, i) => judge(absMax, (absMax * (i + 1)) / 64)),
      marks: Object.fromEntries(Object.entries(found).map(([id, { high }]) => [id, judge(absMax, high)])),
    };
  }
}
