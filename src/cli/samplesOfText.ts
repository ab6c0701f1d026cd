import { join } from "node:path";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { folderOf } from "../io/openPath";
import { readSamples, type TextSamples } from "../jobs/textSamples";

/** Options of commands that run a model on a text. */
export interface TextOptions {
  /** A file or a folder; the text of the sample when absent. */
  text?: string;
  /** Of JSONL records. */
  field?: string;
  /** Tokens of a sample. */
  context?: number;
  samples?: number;
  seed?: number;
}

/** The text that lies beside the running script. */
const sampleText = join(__dirname, "..", "media", "sample", "calibration.txt");

/** Samples of a text, and what the text is called. @throws UsageError, FormatError */
export async function samplesOfText(
  path: string,
  checkpoint: Checkpoint,
  { text = sampleText, field, context: length, samples: count, seed }: TextOptions,
  signal: AbortSignal,
): Promise<TextSamples> {
  return readSamples(checkpoint, await folderOf(path), { path: text, field }, { length, count, seed }, signal);
}
