import { usualMethods } from "../core/calibrate/calibrationMethods";
import type { CalibratedTensor, CalibrateReport } from "../jobs/calibrateJob";
import { formatNumber } from "./format";
import { print, printJson } from "./output";
import { samplesOfText, type TextOptions } from "./samplesOfText";
import { type JobOptions, withCheckpoint, withEngine } from "./session";
import { formatTable } from "./table";

interface CalibrateOptions extends JobOptions, TextOptions {
  method?: string[];
  bits: number;
  curves?: boolean;
}

/** Samples unless it is said otherwise: more seldom change the ranges, as the sweep shows. */
const usualSamples = 32;

/** `calibrate`: ranges for static quantization of the inputs of a model's linear layers. */
export function calibrate(path: string, options: CalibrateOptions): Promise<void> {
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const { samples } = await samplesOfText(path, checkpoint, { ...options, samples: options.samples ?? usualSamples }, context.signal);
      const { method: methods = usualMethods, bits } = options;
      const report = await engine.calibrate({ checkpoint, samples, methods, bits }, context);
      await (options.json ? printJson(documentOf(report, options.curves ?? false)) : print(tableOf(report)));
    }),
  );
}

function documentOf({ tensors, ...report }: CalibrateReport, withCurves: boolean): object {
  return { ...report, tensors: tensors.map((tensor) => tensorOf(tensor, withCurves)) };
}

function tensorOf({ channelMax, methods, ...tensor }: CalibratedTensor, withCurves: boolean): object {
  const plain = Object.entries(methods).map(([id, { curve, ...method }]) => [id, withCurves && curve ? { ...method, curve } : method]);
  return { ...tensor, outlierRatio: outlierRatio(channelMax), methods: Object.fromEntries(plain) as object };
}

/** Greatest magnitude of any column by that of the median column. */
function outlierRatio(channelMax: Float32Array): number {
  const sorted = channelMax.slice().sort();
  return sorted[sorted.length - 1]! / sorted[sorted.length >> 1]!;
}

function tableOf({ tensors }: CalibrateReport): string {
  const rows = tensors.flatMap(({ name, methods, meanSquare, dynamicMse }) => [
    ...Object.entries(methods).map(([id, { low, high, scale, zeroPoint, mse }]) => [
      name,
      id,
      ...[low, high, scale, zeroPoint, mse, noise(meanSquare, mse)].map((value) => formatNumber(value)),
    ]),
    [name, "per token", "", "", "", "", formatNumber(dynamicMse), formatNumber(noise(meanSquare, dynamicMse))],
  ]);
  const numbers = ["low", "high", "scale", "zero point", "mse", "sqnrDb"].map((heading) => ({ heading, numeric: true }));
  return formatTable([{ heading: "inputs of" }, { heading: "method" }, ...numbers], rows);
}

/** Signal by quantization noise, in decibels. */
function noise(meanSquare: number, mse: number): number {
  return 10 * Math.log10(meanSquare / mse);
}
