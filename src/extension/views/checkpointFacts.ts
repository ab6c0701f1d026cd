import * as vscode from "vscode";
import { checkpointSnapshot } from "../../jobs/snapshot";
import { openCheckpointAt } from "../document/openUri";
import { toDiagnostic } from "../errorText";
import type { FoundCheckpoint } from "./checkpointFinder";

/** What the side bar says about a checkpoint. */
export interface CheckpointFacts {
  /** Bytes of all its files. */
  readonly bytes: number;
  /** The type most weights are stored as; undefined where it could not be read. */
  readonly dtype?: string;
  /** Why it could not be read. */
  readonly failure?: string;
}

/** Bytes of all files of a checkpoint; those that vanished meanwhile count nothing. */
export async function checkpointBytes(checkpoint: FoundCheckpoint): Promise<number> {
  const sizes = await Promise.all(
    checkpoint.partUris.map((uri) =>
      vscode.workspace.fs.stat(uri).then(
        (stat) => stat.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Reads a checkpoint's header for what the side bar says about it. */
export async function readFacts(found: FoundCheckpoint): Promise<CheckpointFacts> {
  const bytes = await checkpointBytes(found);
  try {
    const checkpoint = await openCheckpointAt(found.uri);
    try {
      return { bytes, dtype: checkpointSnapshot(checkpoint).dtypes[0]?.dtype };
    } finally {
      await checkpoint.close();
    }
  } catch (error) {
    return { bytes, failure: toDiagnostic(error).message };
  }
}
