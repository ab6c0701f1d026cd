import { UsageError } from "../core/errors";
import { findLoaderFormat } from "../core/export/loaderFormats";
import { parseOverride, parseUnquantized } from "../core/recipe/overrides";
import { folderOf } from "../io/openPath";
import { writeFileAtomically } from "../io/atomicFile";
import { checkPrepared, type PreparedWrite, prepareWrite, type WriteRequest } from "../jobs/prepareWrite";
import { recipeText } from "../jobs/recipeText";
import { type WriteFormat, writeFormats } from "../jobs/writeFormat";
import { writePrepared } from "../jobs/writePrepared";
import { layerCalibration, type LayerCalibrationOptions } from "./layerCalibration";
import { print, printJson } from "./output";
import { printPlan } from "./quantizeReport";
import { readImportance } from "./readImportance";
import { type JobOptions, withCheckpoint, withEngine } from "./session";

export interface QuantizeOptions extends JobOptions, LayerCalibrationOptions {
  to: string;
  type?: string;
  recipe?: string;
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
      const overrides = options.tensorType.map(findLoaderFormat(to) ? parseUnquantized : parseOverride);
      const matrix = options.imatrix === undefined ? undefined : await readImportance(options.imatrix);
      // A recipe for another quantizer is made of the plan alone.
      const used = options.recipe === undefined ? options : { ...options, method: undefined };
      const calibration = await layerCalibration(path, checkpoint, used, context.signal);
      const request = { to, type, method: used.method, calibration, out, dtype, overrides, pure, splitBytes, targetSize, matrix };
      const prepared = await prepareWrite(engine, { checkpoint, folder: await folderOf(path) }, request, context);
      if (options.recipe !== undefined) return writeRecipe(options.recipe, prepared, { ...request, method }, options);
      if (options.dryRun) return printPlan(prepared, options, 0);
      checkPrepared(prepared, options.allowRequantize ?? false);
      const { elapsedMs, coarse } = await writePrepared(engine, checkpoint, prepared, context);
      await printPlan(prepared, options, elapsedMs, coarse);
    }),
  );
}

/** Settings instead of weights: `--out` is a small text file then. */
async function writeRecipe(kind: string, prepared: PreparedWrite, request: WriteRequest, options: QuantizeOptions): Promise<void> {
  const { out, imatrix, json, dryRun, allowRequantize = false } = options;
  const text = recipeText(kind.toLowerCase(), prepared, { ...request, allowRequantize, imatrix });
  if (!dryRun) await writeFileAtomically(out, (handle) => handle.writeFile(text));
  await (json ? printJson({ out, recipe: kind.toLowerCase(), text }) : print(dryRun ? text : `${out}: ${text.length} bytes written`));
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
