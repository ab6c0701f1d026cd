import { FormatError } from "../errors";
import type { Folder, RandomAccessFile } from "../file";
import { limits } from "../limits";
import type { DiagnosticList } from "./diagnosticList";
import { countBytes, decodeUtf8, findInvalidUtf8, hexBytes } from "./text";

const downloadHint = "Download the file again.";

/**
 * The text of a small file that lies beside weights.
 * @throws FormatError `sidecar.too-large`, `sidecar.bad-utf8`, or what opening it throws
 */
export async function readSidecarText(file: RandomAccessFile): Promise<string> {
  if (file.size > limits.sidecarJsonBytes) {
    throw new FormatError("sidecar.too-large", `"${file.name}" is too large to be read`, {
      file: file.name,
      expected: `at most ${countBytes(limits.sidecarJsonBytes)}`,
      found: countBytes(file.size),
      hint: downloadHint,
    });
  }
  const bytes = new Uint8Array(file.size);
  await file.read(0, bytes);
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text.replace(/^\uFEFF/, "");
  const bad = findInvalidUtf8(bytes);
  throw new FormatError("sidecar.bad-utf8", `"${file.name}" is not valid UTF-8`, {
    file: file.name,
    offset: bad,
    expected: "UTF-8 text",
    found: hexBytes(bytes.subarray(bad), 4),
    hint: downloadHint,
  });
}

/** What a model's config.json says. */
export interface ModelConfig {
  readonly config: Readonly<Record<string, unknown>>;
  /** Its `model_type`: `llama`, `qwen2` … */
  readonly architecture?: string;
}

const configName = "config.json";

/** Reads the config.json beside the weights, if there is one. A bad one is reported and left out. */
export async function readModelConfig(folder: Folder, diagnostics: DiagnosticList): Promise<ModelConfig | undefined> {
  if (!(await folder.exists(configName))) return undefined;
  try {
    const file = await folder.open(configName);
    try {
      return await readConfigFile(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    diagnostics.push(error.toDiagnostic("warning"));
    return undefined;
  }
}

/** What a config.json says. @throws FormatError `config.bad-json`, and what {@link readSidecarText} throws */
export async function readConfigFile(file: RandomAccessFile): Promise<ModelConfig> {
  return parseConfig(await readSidecarText(file));
}

function parseConfig(text: string): ModelConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    throw new FormatError("config.bad-json", `${configName} is not valid JSON`, {
      file: configName,
      expected: "a JSON object",
      found: error instanceof Error ? error.message.slice(0, 200) : "",
      hint: downloadHint,
    });
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new FormatError("config.bad-json", `${configName} is not a JSON object`, {
      file: configName,
      expected: "a JSON object",
      found: text.slice(0, 40),
      hint: downloadHint,
    });
  }
  const record = config as Readonly<Record<string, unknown>>;
  const type = Object.hasOwn(record, "model_type") ? record["model_type"] : undefined;
  return { config: record, architecture: typeof type === "string" && type !== "" ? type : undefined };
}
