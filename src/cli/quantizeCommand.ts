import { UsageError } from "../core/errors";
import { parseOverride, parseUnquantized } from "../core/recipe/overrides";
import { folderOf } from "../io/openPath";
import { checkPrepared, prepareWrite } from "../jobs/prepareWrite";
import { type WriteFormat, writeFormats } from "../jobs/writeFormat";
import { writePrepared } from "../jobs/writePrepared";
import { printPlan } from "./quantizeReport";
import { readImportance } from "./readImportance";
import { type JobOptions, withCheckpoint, withEngine } from "./session";

export interface QuantizeOptions extends JobOptions {
  to: string;
  type?: string;
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
  if (to === "safetensors") refuseGgufOptions(options);
  // Threads start while headers are read.
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const { type, out, pure, splitMaxSize: splitBytes, targetSize } = options;
      const overrides = options.tensorType.map(to === "safetensors" ? parseUnquantized : parseOverride);
      const matrix = options.imatrix === undefined ? undefined : await readImportance(options.imatrix);
      const request = { to, type, out, overrides, pure, splitBytes, targetSize, matrix };
      const prepared = await prepareWrite(engine, { checkpoint, folder: await folderOf(path) }, request, context);
      if (options.dryRun) return printPlan(prepared, options, 0);
      checkPrepared(prepared, options.allowRequantize ?? false);
      const { elapsedMs, coarse } = await writePrepared(engine, checkpoint, prepared, context);
      await printPlan(prepared, options, elapsedMs, coarse);
    }),
  );
}

/** @throws UsageError `unknown-format` */
function formatOf(name: string): WriteFormat {
  const found = writeFormats.find((format) => format === name.toLowerCase());
  if (found) return found;
  throw new UsageError("unknown-format", `"${name}" is no format to write`, { found: name, expected: writeFormats.join(", ") });
}

/** What only chooses types of llama.cpp would silently do nothing. @throws UsageError `only-for-gguf` */
function refuseGgufOptions({ pure, targetSize, imatrix }: QuantizeOptions): void {
  const options = {
    "--pure": pure,
    "--target-size": targetSize !== undefined,
    "--imatrix": imatrix !== undefined,
  };
  const found = Object.entries(options).find(([, isGiven]) => isGiven)?.[0];
  if (found === undefined) return;
  throw new UsageError("only-for-gguf", `${found} is for the types of llama.cpp, which safetensors files do not have`, {
    found,
    hint: "Leave it out, or write with --to gguf.",
  });
}
