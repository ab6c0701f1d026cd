import { mkdir, rmdir, stat } from "node:fs/promises";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { writeFileAtomically } from "../io/atomicFile";
import type { JobContext } from "./contract";
import type { Engine } from "./engine";
import type { PreparedWrite } from "./prepareWrite";
import type { QuantizeReport } from "./quantizeJob";

/**
 * Writes what was prepared: the files of the plan with the folder they go to, and the Modelfile after them.
 *
 * @throws what {@link Engine.quantize} throws; the target is then as it was
 */
export async function writePrepared(
  engine: Engine,
  checkpoint: Checkpoint,
  { plan, importance, layers, ollama, folder }: PreparedWrite,
  context: JobContext,
): Promise<QuantizeReport> {
  const made = folder === undefined ? undefined : await makeFolder(folder);
  try {
    const report = await engine.quantize({ checkpoint, plan, importance, layers }, context);
    if (ollama) await writeFileAtomically(ollama.path, (handle) => handle.writeFile(ollama.text), context.signal);
    return report;
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
