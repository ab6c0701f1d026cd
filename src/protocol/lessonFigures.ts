/** Figures of the lesson's later sections, which take a run of the model or several measurements: see `lesson.ts`. */
import { RequestType } from "vscode-jsonrpc";
import type { RatioSteps } from "../core/awq/ratioSteps";
import type { ThresholdFigures } from "../core/calibrate/thresholds";
import type { ColumnSteps } from "../core/gptq/columnSteps";
import type { BitPattern, NumberFormatFacts } from "../core/numbers/bitPattern";
import type { EstimateDevice } from "./estimate";

/** GPTQ of a small matrix, step by step; matrices are row by row. */
export interface GptqFigure extends Omit<ColumnSteps, "weights" | "changes" | "roundingChange" | "codes" | "roundingCodes"> {
  changes: number[][];
  roundingChange: number[];
}

/** GPTQ and AWQ at work on two layers of the sample. */
export interface LayerFigures {
  /** Tokens of the calibration text, and inputs that were kept of them. */
  tokens: number;
  inputs: number;
  gptqTensor: string;
  awqTensor: string;
  /** By bits, fewest first. */
  gptq: GptqFigure[];
  awq: RatioSteps;
}

/** What one scheme does to a tensor. */
export interface SchemeError {
  scheme: string;
  label: string;
  bitsPerWeight: number;
  /** rmse / rms(x) */
  relativeRmse: number | null;
  sqnrDb: number | null;
  within5: number | null;
}

/** What one scale for every few weights does. */
export interface GroupError extends SchemeError {
  /** Weights of a group. */
  size: number;
  /** Bits of a weight beyond its code. */
  overhead: number;
}

/** Group sizes of 4-bit codes, and schemes of one to two bits, on one tensor. */
export interface FurtherErrors {
  groups: GroupError[];
  lowBits: SchemeError[];
}

/** What shares a range, and how one range for all is chosen, on one tensor with codes of one width. */
export interface RangeErrors {
  /** Of a code. */
  bits: number;
  symmetric: boolean;
  /** From small to large. */
  groups: GroupError[];
  /** One range a row; absent where it cannot be stored. */
  channel: SchemeError | undefined;
  /** One range for the tensor, by how it is chosen: `minmax` first. */
  methods: (SchemeError & { method: string })[];
}

/** A device, and the types in which a model's weights alone fit into what a model can have of it. */
export interface DeviceFit extends EstimateDevice {
  types: string[];
}

/** What a file type of llama-quantize gives to the tensors of a checkpoint. */
export interface RecipeFigure {
  type: string;
  bitsPerWeight: number;
  bytes: number;
  /** By type and reason, those with the most weights first. */
  rows: { type: string; reason: string; tensors: number; weights: number; bytes: number; example: string }[];
}

/** What a threshold does to the inputs of a layer. */
export interface JudgedThreshold extends ThresholdFigures {
  /** 10·log10(mean square / mse); null where nothing is lost. */
  sqnrDb: number | null;
}

/** What a calibration method chose for them. */
export interface MethodChoice extends JudgedThreshold {
  method: string;
}

/** The inputs of a layer of the sample, and ranges for them. */
export interface ActivationFigure {
  tensor: string;
  tokens: number;
  values: number;
  histogram: { max: number; counts: number[] };
  curve: ThresholdFigures[];
  methods: MethodChoice[];
}

/** Bits of activations that the lesson shows. */
export const activationBits = [4, 8] as const;

export const lessonFigureProtocol = {
  layers: new RequestType<Record<string, never>, LayerFigures, void>("figures/layers"),
  activations: new RequestType<{ bits: number }, ActivationFigure, void>("figures/activations"),
  threshold: new RequestType<{ bits: number; threshold: number }, JudgedThreshold, void>("figures/threshold"),
  furtherErrors: new RequestType<{ tensor: number }, FurtherErrors, void>("figures/furtherErrors"),
  rangeErrors: new RequestType<{ tensor: number; bits: number; symmetric: boolean }, RangeErrors, void>("figures/rangeErrors"),
  /** Real types, scales included, on a tensor: those whose sizes `sizes` gives. */
  typeErrors: new RequestType<{ tensor: number }, SchemeError[], void>("figures/typeErrors"),
  devices: new RequestType<{ parameters: number }, DeviceFit[], void>("figures/devices"),
  recipe: new RequestType<Record<string, never>, RecipeFigure, void>("figures/recipe"),
  numberFormats: new RequestType<Record<string, never>, NumberFormatFacts[], void>("figures/numberFormats"),
  /** What a pattern of bits stands for. */
  bitPattern: new RequestType<{ format: string; pattern: number }, BitPattern, void>("figures/bitPattern"),
  /** The pattern whose value is nearest. */
  patternOf: new RequestType<{ format: string; value: number }, BitPattern, void>("figures/patternOf"),
} as const;
