import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "../../core/errors";
import type { LoaderWarning } from "../../core/export/loaderWarnings";
import type { TensorPlan } from "../../core/recipe/preflight";
import type { Reason } from "../../core/recipe/reasons";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { findDType } from "../../core/tensor/dtype";
import { freeBytes } from "../../io/freeSpace";
import { checkNotInput } from "../../jobs/inputFiles";
import { checkPrepared, type PreparedWrite } from "../../jobs/prepareWrite";
import type { PreflightPicture, PreflightRow } from "../../protocol/preflight";
import { notificationText } from "../errorText";
import { schemeLabel } from "../perplexity/measuredTypes";

/** What a page shows besides what is planned. */
export interface PreflightSetting {
  /** File type or scheme. */
  type: string;
  /** The file whose replacement the user agreed to in a dialog. */
  agreed: string;
  /** Localized: what quantizing what is quantized already means. */
  requantized: string;
  /** Localized: how layers are quantized, and what that takes. */
  facts?: readonly string[];
  /** Localized: what stands in the way besides the plan. */
  refusal?: string;
  /** Localized rules. */
  reasonText(reason: Reason): string;
  /** Localized: what loaders do not do. */
  warningText(warning: LoaderWarning): string;
  locale: string;
  strings: Record<string, string>;
}

/** Everything the pre-flight page shows. Looks at the disk, and changes nothing. */
export async function preflightPicture(
  checkpoint: Checkpoint,
  prepared: PreparedWrite,
  { type, agreed, requantized, facts = [], refusal: known, reasonText, warningText, locale, strings }: PreflightSetting,
): Promise<PreflightPicture> {
  const { plan, notes, warnings = [], ollama, folder } = prepared;
  const files = [
    ...plan.files.map(({ name, layout }) => ({ path: name, bytes: layout.bytes })),
    ...(plan.sidecars ?? []).map(({ name, bytes }) => ({ path: name, bytes: bytes.length })),
    ...(ollama ? [{ path: ollama.path, bytes: Buffer.byteLength(ollama.text) }] : []),
  ];
  const there = await Promise.all(files.map(({ path }) => exists(path)));
  const free = await freeBytes(dirname(resolve(folder ?? files[0]!.path)));
  const { refusal, isQuantized } = await objection(
    checkpoint,
    prepared,
    files.map(({ path }) => path),
  );
  return {
    name: checkpoint.name,
    type,
    typeLabel: schemeLabel(type),
    files,
    replaced: files.flatMap(({ path }, place) => (there[place] && path !== agreed ? [path] : [])),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    sourceBytes: checkpoint.tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    bitsPerWeight: plan.bitsPerWeight,
    ...(free === undefined ? {} : { freeBytes: free }),
    rows: plan.tensors.map((tensor) => rowOf(tensor, reasonText)),
    notes: [...(isQuantized ? [requantized] : []), ...notes, ...warnings.map(warningText)],
    facts: [...facts],
    ...((refusal ?? known) === undefined ? {} : { refusal: refusal ?? known }),
    locale,
    strings,
  };
}

function rowOf(
  { name, shape, from, type: to, bytes, reason, fallback, split }: TensorPlan,
  text: (reason: Reason) => string,
): PreflightRow {
  const isQuantized = split !== undefined || findDType(to)?.family === "block";
  return { name, shape: [...shape], from, to, bytes, isQuantized, rule: text(reason), ...(fallback ? { fallback } : {}) };
}

/** Quantizing twice is a warning here, since the user sees it before deciding; everything else stands in the way. */
async function objection(
  checkpoint: Checkpoint,
  prepared: PreparedWrite,
  paths: readonly string[],
): Promise<{ refusal?: string; isQuantized: boolean }> {
  const twice = await refusalOf(() => checkPrepared(prepared, false));
  const refusal = await refusalOf(async () => {
    checkPrepared(prepared, true);
    for (const path of paths) await checkNotInput(checkpoint, path);
  });
  return { ...(refusal ? { refusal: notificationText(refusal) } : {}), isQuantized: twice?.code === "requantize" };
}

async function refusalOf(check: () => void | Promise<void>): Promise<UsageError | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
