import { usualMethods } from "../core/calibrate/calibrationMethods";
import { signalToNoise } from "../core/calibrate/activationErrors";
import { outlierRatio } from "../core/calibrate/outlierChannels";
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

function tensorOf({ channelMax, histogram: _histogram, methods, ...tensor }: CalibratedTensor, withCurves: boolean): object {
  const plain = Object.entries(methods).map(([id, { curve, ...method }]) => [id, withCurves && curve ? { ...method, curve } : method]);
  return { ...tensor, outlierRatio: outlierRatio(channelMax), methods: Object.fromEntries(plain) as object };
}

function tableOf({ tensors }: CalibrateReport): string {
  const rows = tensors.flatMap(({ name, methods, meanSquare, dynamicMse }) => [
    ...Object.entries(methods).map(([id, { low, high, scale, zeroPoint, mse }]) => [
      name,
      id,
      ...[low, high, scale, zeroPoint, mse, signalToNoise(meanSquare, mse)].map((value) => formatNumber(value)),
    ]),
    [name, "per token", "", "", "", "", formatNumber(dynamicMse), formatNumber(signalToNoise(meanSquare, dynamicMse))],
  ]);
  const numbers = ["low", "high", "scale", "zero point", "mse", "sqnrDb"].map((heading) => ({ heading, numeric: true }));
  return formatTable([{ heading: "inputs of" }, { heading: "method" }, ...numbers], rows);
}
