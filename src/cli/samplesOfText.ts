import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { describeModel } from "../core/model/describe";
import { openTokenizer } from "../core/text/openTokenizer";
import { chooseSamples } from "../core/text/samples";
import { TextSource } from "../core/text/textSource";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { NodeFolder } from "../io/nodeFolder";
import { folderOf } from "../io/openPath";

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

/** Tokens of a sample unless it is said otherwise: llama-imatrix's default. */
const usualContext = 512;

/** Tokens of a sample: 512, or what the model takes where that is less. */
export async function sampleLength(checkpoint: Checkpoint, { context }: TextOptions): Promise<number> {
  return context ?? Math.min(usualContext, (await describeModel(checkpoint)).context);
}

/** The text that lies beside the running script. */
const sampleText = join(__dirname, "..", "media", "sample", "calibration.txt");

/** Samples of a text, and what the text is called. @throws UsageError, FormatError */
export async function samplesOfText(
  path: string,
  checkpoint: Checkpoint,
  options: TextOptions,
  signal: AbortSignal,
): Promise<{ samples: Int32Array[]; dataset: string }> {
  const tokenizer = await openTokenizer(checkpoint, await folderOf(path));
  const length = await sampleLength(checkpoint, options);
  const text = resolve(options.text ?? sampleText);
  const isFolder = (await stat(text).catch(() => undefined))?.isDirectory() ?? false;
  const source = isFolder
    ? await TextSource.open(new NodeFolder(text), undefined, options.field)
    : await TextSource.open(new NodeFolder(dirname(text)), basename(text), options.field);
  try {
    const samples = await chooseSamples(source, tokenizer, { length, count: options.samples, seed: options.seed }, signal);
    return { samples, dataset: basename(text) };
  } finally {
    await source.close();
  }
}
