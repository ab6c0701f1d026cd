import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { Folder } from "../core/file";
import { describeModel } from "../core/model/describe";
import { describeOnnx } from "../core/model/onnx/onnxDescription";
import { openTokenizer } from "../core/text/openTokenizer";
import { chooseSamples, type SampleChoice } from "../core/text/samples";
import { TextSource } from "../core/text/textSource";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { NodeFolder } from "../io/nodeFolder";

/** The text that a model is run on. */
export interface ChosenText {
  /** A file or a folder of texts. */
  path: string;
  /** The field of JSONL records that has the text. */
  field?: string;
}

/** Samples of a text, and what it is called. */
export interface TextSamples {
  samples: Int32Array[];
  dataset: string;
}

/** Tokens of a sample unless it is said otherwise: llama-imatrix's default. */
const usualContext = 512;

/** Tokens of a sample: as asked for, else 512, or what the model takes where that is less. */
export async function sampleLength(checkpoint: Checkpoint, asked: number | undefined): Promise<number> {
  if (asked !== undefined) return asked;
  if (checkpoint.format !== "onnx") return Math.min(usualContext, (await describeModel(checkpoint)).context);
  const { length, context } = await describeOnnx(checkpoint);
  return length ?? Math.min(usualContext, context);
}

/**
 * Samples of a text, as a model reads them.
 *
 * @param folder the one that the weights lie in
 * @param choice without a length, llama-imatrix's, or what the model takes
 * @throws UsageError, FormatError of tokenizers and texts; CancelledError
 */
export async function readSamples(
  checkpoint: Checkpoint,
  folder: Folder,
  { path, field }: ChosenText,
  choice: Partial<SampleChoice>,
  signal: AbortSignal,
): Promise<TextSamples> {
  const tokenizer = await openTokenizer(checkpoint, folder);
  const length = await sampleLength(checkpoint, choice.length);
  const text = resolve(path);
  const isFolder = (await stat(text).catch(() => undefined))?.isDirectory() ?? false;
  const source = isFolder
    ? await TextSource.open(new NodeFolder(text), undefined, field)
    : await TextSource.open(new NodeFolder(dirname(text)), basename(text), field);
  try {
    return { samples: await chooseSamples(source, tokenizer, { ...choice, length }, signal), dataset: basename(text) };
  } finally {
    await source.close();
  }
}
