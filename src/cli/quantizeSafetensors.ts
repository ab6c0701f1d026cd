import { mkdir, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../core/errors";
import { companionFiles } from "../core/export/companions";
import { planSafetensors, type SafetensorsInput } from "../core/export/safetensors";
import type { WritePlan } from "../core/recipe/preflight";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { folderOf } from "../io/openPath";
import type { QuantizeOptions } from "./quantizeCommand";
import { printPlan } from "./quantizeReport";
import { withCheckpoint, withEngine } from "./session";

/** `quantize --to safetensors`: one file of weights, or a folder with configuration and tokenizer for loaders. */
export function writeSafetensors(path: string, options: QuantizeOptions): Promise<void> {
  const { type, out, dryRun, splitMaxSize } = options;
  if (type === undefined) throw new UsageError("usage", "Give a --type to write");
  return withCheckpoint(path, options, async (checkpoint) => {
    const plan = await planOf(checkpoint, path, { type, out, splitBytes: splitMaxSize });
    if (dryRun) return printPlan(plan, options, { notes: [], elapsedMs: 0 });
    const made = isFile(out) ? undefined : await makeFolder(out);
    try {
      const { elapsedMs } = await withEngine(options, (engine, context) => engine.quantize({ checkpoint, plan }, context));
      await printPlan(plan, options, { notes: [], elapsedMs });
    } catch (error) {
      // Only if it is empty, that is, if nothing was written.
      if (made !== undefined) await rmdir(made).catch(() => undefined);
      throw error;
    }
  });
}

const isFile = (out: string): boolean => out.toLowerCase().endsWith(".safetensors");

type Wanted = Pick<SafetensorsInput, "type" | "out" | "splitBytes">;

async function planOf(checkpoint: Checkpoint, path: string, wanted: Wanted): Promise<WritePlan> {
  const { out } = wanted;
  if (isFile(out)) return planSafetensors({ ...wanted, checkpoint });
  const found = await companionFiles(await folderOf(path));
  const companions = found.map(({ name, bytes }) => ({ name: join(out, name), bytes }));
  return planSafetensors({ ...wanted, checkpoint, out: join(out, "model.safetensors"), config: join(out, "config.json"), companions });
}

/** @returns the folder if it was not there */
async function makeFolder(out: string): Promise<string | undefined> {
  const exists = await stat(out).then(
    () => true,
    () => false,
  );
  await mkdir(out, { recursive: true });
  return exists ? undefined : out;
}
