import { FormatError } from "../../errors";
import type { Folder } from "../../file";
import { readSidecarText } from "../../formats/sidecar";
import { isRecord, type JsonRecord } from "../../jsonRecord";
import { limits } from "../../limits";

/** What lies beside the weights of a Hugging Face checkpoint and describes its tokens. */
export interface ModelFiles {
  /** tokenizer.json. */
  readonly tokenizer?: JsonRecord;
  /** tokenizer.model: a SentencePiece model. */
  readonly sentencePiece?: Uint8Array;
  /** tokenizer_config.json. */
  readonly tokenizerConfig: JsonRecord;
  /** added_tokens.json: text to number. */
  readonly addedTokens: JsonRecord;
  /** generation_config.json. */
  readonly generationConfig: JsonRecord;
  /** chat_template.jinja, else the one in tokenizer_config.json. */
  readonly chatTemplate?: string;
}

/** Reads them. Missing ones are no error. @throws FormatError for files that are not what their names say */
export async function readModelFiles(folder: Folder): Promise<ModelFiles> {
  const tokenizerConfig = (await readJson(folder, "tokenizer_config.json")) ?? {};
  return {
    tokenizer: await readJson(folder, "tokenizer.json"),
    sentencePiece: await readBytes(folder, "tokenizer.model"),
    tokenizerConfig,
    generationConfig: (await readJson(folder, "generation_config.json")) ?? {},
    addedTokens: (await readJson(folder, "added_tokens.json")) ?? {},
    chatTemplate: (await readText(folder, "chat_template.jinja")) ?? templateOf(tokenizerConfig.chat_template),
  };
}

/** Several named templates may be given: the default one is what runtimes use. */
function templateOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const named = value.filter(isRecord);
  const chosen = named.find(({ name }) => name === "default") ?? named[0];
  return typeof chosen?.template === "string" ? chosen.template : undefined;
}

async function readText(folder: Folder, name: string): Promise<string | undefined> {
  if (!(await folder.exists(name))) return undefined;
  const file = await folder.open(name);
  try {
    return await readSidecarText(file);
  } finally {
    await file.close();
  }
}

async function readJson(folder: Folder, name: string): Promise<JsonRecord | undefined> {
  const text = await readText(folder, name);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badTokenizer(name, "valid JSON", error instanceof Error ? error.message.slice(0, 200) : "");
  }
  if (isRecord(value)) return value;
  throw badTokenizer(name, "a JSON object", text.slice(0, 40));
}

async function readBytes(folder: Folder, name: string): Promise<Uint8Array | undefined> {
  if (!(await folder.exists(name))) return undefined;
  const file = await folder.open(name);
  try {
    if (file.size > limits.sidecarJsonBytes) throw badTokenizer(name, `at most ${limits.sidecarJsonBytes} bytes`, String(file.size));
    const bytes = new Uint8Array(file.size);
    await file.read(0, bytes);
    return bytes;
  } finally {
    await file.close();
  }
}

/** A tokenizer that cannot be used. */
export function badTokenizer(file: string, expected: string, found: string, offset?: number): FormatError {
  return new FormatError("tokenizer.bad", `"${file}" is no usable tokenizer`, {
    file,
    offset,
    expected,
    found,
    hint: "Download the file again.",
  });
}
