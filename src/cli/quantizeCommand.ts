import { UsageError } from "../core/errors";
import { findLoaderFormat } from "../core/export/loaderFormats";
import { defaultGptqOptions, type GptqOrder, gptqOrders } from "../core/gptq/options";
import { parseOverride } from "../core/recipe/overrides";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { folderOf } from "../io/openPath";
import { type Calibration, layerMethods } from "../jobs/calibrated/calibration";
import { checkPrepared, prepareWrite } from "../jobs/prepareWrite";
import { type WriteFormat, writeFormats } from "../jobs/writeFormat";
import { writePrepared } from "../jobs/writePrepared";
import { formatNumber } from "./format";
import { printPlan } from "./quantizeReport";
import { readImportance } from "./readImportance";
import { samplesOfText, type TextOptions } from "./samplesOfText";
import { type JobOptions, withCheckpoint, withEngine } from "./session";

export interface QuantizeOptions extends JobOptions, TextOptions {
  to: string;
  type?: string;
  method?: string;
  damping?: number;
  order?: string;
  dtype?: string;
  imatrix?: string;
  out: string;
  tensorType: string[];
  pure?: boolean;
  allowRequantize?: boolean;
  /** Bytes. */
  splitMaxSize?: number;
  /** Bytes. */
  targetSize?: number;
  dryRun?: boolean;
}

/** `quantize`: writes a checkpoint in other types, or says what would be written. */
export function quantize(path: string, options: QuantizeOptions): Promise<void> {
  const to = formatOf(options.to);
  if (findLoaderFormat(to)) refuseGgufOptions(options);
  else refuseFolderOptions(options);
  // Threads start while headers are read.
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const { type, method, out, dtype, pure, splitMaxSize: splitBytes, targetSize } = options;
      const overrides = options.tensorType.map(parseOverride);
      const matrix = options.imatrix === undefined ? undefined : await readImportance(options.imatrix);
      const calibration =
        method === undefined || method === "rtn" ? undefined : await calibrationOf(path, checkpoint, options, context.signal);
      const request = { to, type, method, calibration, out, dtype, overrides, pure, splitBytes, targetSize, matrix };
      const prepared = await prepareWrite(engine, { checkpoint, folder: await folderOf(path) }, request, context);
      if (options.dryRun) return printPlan(prepared, options, 0);
      checkPrepared(prepared, options.allowRequantize ?? false);
      const { elapsedMs, coarse } = await writePrepared(engine, checkpoint, prepared, context);
      await printPlan(prepared, options, elapsedMs, coarse);
    }),
  );
}

/** Samples that are used unless it is said otherwise: what GPTQModel and AutoGPTQ use at least. */
const usualSamples = 128;

/** What methods with calibration need; undefined for those without. Each layer is told as it is done. */
async function calibrationOf(
  path: string,
  checkpoint: Checkpoint,
  options: QuantizeOptions,
  signal: AbortSignal,
): Promise<Calibration | undefined> {
  const method = layerMethods.find((name) => name === options.method?.toLowerCase());
  if (method === undefined || method === "rtn") return undefined;
  const { samples } = await samplesOfText(path, checkpoint, { ...options, samples: options.samples ?? usualSamples }, signal);
  return {
    method,
    samples,
    damping: options.damping,
    order: options.order === undefined ? undefined : orderOf(options.order),
    onLayer({ tensor, loss, damping, dead }, done, total) {
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

/** @throws UsageError `unknown-format` */
function formatOf(name: string): WriteFormat {
  const found = writeFormats.find((format) => format === name.toLowerCase());
  if (found) return found;
  throw new UsageError("unknown-format", `"${name}" is no format to write`, { found: name, expected: writeFormats.join(", ") });
}

/** What only chooses types of llama.cpp would silently do nothing. @throws UsageError `only-for-gguf` */
function refuseGgufOptions({ tensorType, pure, targetSize, imatrix }: QuantizeOptions): void {
  const options = {
    "--tensor-type": tensorType.length > 0,
    "--pure": pure,
    "--target-size": targetSize !== undefined,
    "--imatrix": imatrix !== undefined,
  };
  const found = Object.entries(options).find(([, isGiven]) => isGiven)?.[0];
  if (found === undefined) return;
  throw new UsageError("only-for-gguf", `${found} is for the types of llama.cpp, which other formats do not have`, {
    found,
    hint: "Leave it out, or write with --to gguf.",
  });
}

/** @throws UsageError `not-for-gguf` */
function refuseFolderOptions({ dtype }: QuantizeOptions): void {
  if (dtype === undefined) return;
  const found = "--dtype";
  throw new UsageError("not-for-gguf", `${found} is for folders of other loaders; in GGUF files llama.cpp's rules choose`, {
    found,
    hint: "Leave it out, or choose types with --tensor-type.",
  });
}
