import { mkdir, rmdir, stat } from "node:fs/promises";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { writeFileAtomically } from "../io/atomicFile";
import type { JobContext } from "./contract";
import type { Engine } from "./engine";
import { quantizeForWrite } from "./calibrated/calibratedWrite";
import type { PreparedWrite } from "./prepareWrite";
import { checkOutput, type QuantizeReport } from "./quantizeJob";

/**
 * Writes what was prepared: the files of the plan with the folder they go to, and the Modelfile after them.
 *
 * @throws what {@link Engine.quantize} throws; the target is then as it was
 */
export async function writePrepared(
  engine: Engine,
  checkpoint: Checkpoint,
  prepared: PreparedWrite,
  context: JobContext,
): Promise<QuantizeReport> {
  const startedAt = performance.now();
  const { importance, calibrated, ollama, folder } = prepared;
  const made = folder === undefined ? undefined : await makeFolder(folder);
  try {
    await checkOutput(checkpoint, prepared.plan);
    const store = calibrated && (await quantizeForWrite(engine, calibrated, context));
    const { plan, layers } = store ? await calibrated.finish(prepared.plan, store) : prepared;
    const report = await engine.quantize({ checkpoint, plan, importance, layers }, context);
    // Until here a run that is stopped can be taken up.
    await store?.remove();
    if (ollama) await writeFileAtomically(ollama.path, (handle) => handle.writeFile(ollama.text), context.signal);
    return { ...report, elapsedMs: performance.now() - startedAt };
  } catch (error) {
    // Only if it is empty, that is, if nothing was written.
    if (made !== undefined) await rmdir(made).catch(() => undefined);
    throw error;
  }
}

/** @returns the folder if it was not there */
async function makeFolder(path: string): Promise<string | undefined> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  await mkdir(path, { recursive: true });
  return exists ? undefined : path;
}
