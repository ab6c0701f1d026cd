import { FormatError } from "../errors";
import { shapesFromCheckpoint } from "../estimate/modelShapes";
import type { Folder } from "../file";
import { ggmlShape } from "../formats/gguf/writer/header";
import { keyValue } from "../formats/gguf/writer/keyValue";
import type { JsonRecord } from "../jsonRecord";
import { limits } from "../limits";
import { inRecipeOrder } from "../recipe/recipe";
import { ggufName } from "../recipe/tensorNames";
import type { Checkpoint } from "../tensor/checkpoint";
import { configOf, ConfigReader, languageModelConfig } from "./config";
import { sourceOf } from "./fromGguf";
import { architectureOf } from "./registry";
import type { SourceModel, SourceTensor } from "./sourceModel";
import { readModelFiles } from "./vocabulary/modelFiles";
import { vocabularyOf } from "./vocabulary/vocabulary";

const alignment = 32;
/** Constants that converters leave out: runtimes compute them. */
export const isConstant = (name: string): boolean => name.endsWith("rotary_emb.inv_freq");

/**
 * A Hugging Face checkpoint as GGUF: names, order and arithmetic of llama.cpp's converter, whose tokenizer and
 * configuration keys come from the files beside the weights.
 *
 * @throws UsageError `unknown-architecture`, `unknown-tensor`, `unknown-rope`, and those of the vocabulary; FormatError
 */
export async function modelFromHuggingFace(checkpoint: Checkpoint, folder: Folder): Promise<SourceModel> {
  const record = configOf(checkpoint);
  const architecture = architectureOf(new ConfigReader(record).strings("architectures") ?? []);
  const embedding = checkpoint.tensors.find(({ name }) => ggufName(name) === "token_embd.weight");
  const vocabularySize = embedding?.shape[0] ?? 0;
  if (vocabularySize > limits.vocabulary) throw tooManyTokens(vocabularySize);
  const config = languageModelConfig({ ...record, vocab_size: vocabularySize }, architecture.defaults);
  const kept = checkpoint.tensors.filter(({ name }) => !isConstant(name) && !architecture.isDropped?.(name));
  const tensors = kept.map((info): SourceTensor => {
    const name = ggufName(info.name, architecture.id);
    if (name === undefined) throw unknownTensor(info.name, architecture.id);
    const tensor = { name, shape: info.shape, source: sourceOf(checkpoint, info), kept: "F32", from: info.dtype, origin: info.name };
    const transformed = architecture.transform?.(tensor, config) ?? tensor;
    return { ...transformed, shape: ggmlShape(transformed.shape) };
  });
  const files = await readModelFiles(folder);
  const vocabulary = vocabularyOf(files, config, vocabularySize);
  return {
    keyValues: [
      keyValue("general.architecture", "string", architecture.id),
      keyValue("general.type", "string", "model"),
      keyValue("general.name", "string", folder.name),
      ...architecture.keyValues(config),
      ...vocabulary.keyValues,
    ],
    tensors: inRecipeOrder([...tensors, ...(architecture.extraTensors?.(config) ?? [])]),
    alignment,
    recipe: (await shapesFromCheckpoint(checkpoint)).model,
    architecture: architecture.id,
    chatTemplate: files.chatTemplate,
    sampling: samplingOf(files.generationConfig),
    notes: [...(architecture.notes?.(config) ?? []), ...vocabulary.notes],
  };
}

/** Where the makers do not sample, their figures mean nothing. */
function samplingOf(generation: JsonRecord): SourceModel["sampling"] {
  const config = new ConfigReader(generation);
  if (!config.flag("do_sample")) return undefined;
  return { temperature: config.number("temperature"), top_k: config.number("top_k"), top_p: config.number("top_p") };
}

function tooManyTokens(found: number): FormatError {
  return new FormatError("convert.too-many-tokens", "The embedding has more rows than any vocabulary", {
    expected: `at most ${limits.vocabulary}`,
    found: String(found),
  });
}

function unknownTensor(name: string, architecture: string): FormatError {
  return new FormatError("convert.unknown-tensor", `${name} has no place in a GGUF file of the architecture ${architecture}`, {
    tensor: name,
    hint: "The checkpoint has parts that this architecture does not: an adapter, a head, or another model's weights.",
  });
}
