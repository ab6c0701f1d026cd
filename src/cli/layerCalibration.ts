import { UsageError } from "../core/errors";
import { defaultGptqOptions, type GptqOrder, gptqOrders } from "../core/gptq/options";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { type Calibration, layerMethods } from "../jobs/calibrated/calibration";
import { formatNumber } from "./format";
import { samplesOfText, type TextOptions } from "./samplesOfText";

/** Options of methods that quantize layers with calibration. */
export interface LayerCalibrationOptions extends TextOptions {
  json?: boolean;
  method?: string;
  damping?: number;
  order?: string;
  smoothing?: number;
}

/** Samples that are used unless it is said otherwise: what GPTQModel and AutoGPTQ use at least. */
const usualSamples = 128;

/** What methods with calibration need; undefined for those without. Each layer is told as it is done. */
export async function layerCalibration(
  path: string,
  checkpoint: Checkpoint,
  options: LayerCalibrationOptions,
  signal: AbortSignal,
): Promise<Calibration | undefined> {
  const method = layerMethods.find((name) => name === options.method?.toLowerCase());
  if (method === undefined || method === "rtn") return undefined;
  const { samples } = await samplesOfText(path, checkpoint, { ...options, samples: options.samples ?? usualSamples }, signal);
  return {
    method,
    samples,
    damping: options.damping,
    smoothing: options.smoothing,
    order: options.order === undefined ? undefined : orderOf(options.order),
    onLayer: options.json
      ? undefined
      : ({ tensor, loss, damping, dead }, done, total) => {
          const more = [
            ...(dead > 0 ? [`${dead} columns without inputs`] : []),
            ...(damping > (options.damping ?? defaultGptqOptions.damping) + 1e-9 ? [`damped with ${formatNumber(damping)}`] : []),
          ];
          const line = [`${done}/${total} ${tensor}: loss ${formatNumber(loss)}`, ...more].join(", ");
          process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
        },
  };
}

/** @throws UsageError `unknown-order` */
function orderOf(name: string): GptqOrder {
  const found = gptqOrders.find((order) => order === name);
  if (found) return found;
  throw new UsageError("unknown-order", `"${name}" is no order of columns`, { found: name, expected: gptqOrders.join(", ") });
}
