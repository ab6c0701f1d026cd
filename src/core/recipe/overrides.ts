import { UsageError } from "../errors";
import { ggmlTypeId } from "../formats/gguf/ggmlTypes";
import { findFileType, type FileType } from "./fileTypes";
import type { TypeOverride } from "./recipe";

/** What llama-quantize makes of a K type's plain name. */
const aliases: Readonly<Record<string, string>> = { Q3_K: "Q3_K_M", Q4_K: "Q4_K_M", Q5_K: "Q5_K_M" };

/** The file type of a name as llama-quantize takes it, in any case. @throws UsageError `unknown-type` */
export function fileTypeOf(name: string): FileType {
  const upper = name.toUpperCase();
  const fileType = findFileType(aliases[upper] ?? upper);
  if (fileType) return fileType;
  throw new UsageError("unknown-type", `llama.cpp has no file type "${name}"`, {
    found: name,
    expected: "a file type such as Q4_K_M, Q8_0 or F16",
    hint: "See the list of `estimate`.",
  });
}

/** What a tensor of a safetensors file is given that is not to be quantized: the type it has, decoded where that is a block type. */
export const storedType = "STORED";

/** What tensors of a safetensors file can be given instead of the scheme: loaders know one scheme a checkpoint. */
const unquantizedTypes = ["F32", "F16", "BF16", storedType];

/**
 * Reads `PATTERN=TYPE` for a safetensors file, with `f32`, `f16`, `bf16`, or `stored`. The pattern is that of
 * {@link parseOverride}, but in the case of the names, which Hugging Face's have.
 *
 * @throws UsageError `bad-override`
 */
export function parseUnquantized(text: string): TypeOverride {
  const { source, name } = splitOverride(text);
  const type = name.toUpperCase();
  if (!unquantizedTypes.includes(type)) {
    throw badOverride(text, name, "PATTERN=TYPE with f32, f16, bf16 or stored, such as lm_head=stored");
  }
  return { pattern: patternOf(source, text), type, text };
}

/** The override of one tensor. */
export function overrideOf(name: string, type: string): TypeOverride {
  return { pattern: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`), type, text: `${name}=${type}` };
}

/**
 * Reads `PATTERN=TYPE`. The pattern is searched for in the tensor's name as a regular expression, as llama-quantize does;
 * one that begins with `*`, which no expression can, is taken as a wildcard pattern of the whole name.
 *
 * @throws UsageError `bad-override`
 */
export function parseOverride(text: string): TypeOverride {
  const { source, name } = splitOverride(text);
  const type = name.toUpperCase();
  if (ggmlTypeId(type) === undefined) throw badOverride(text, type);
  return { pattern: patternOf(source.toLowerCase(), text), type, text };
}

function splitOverride(text: string): { source: string; name: string } {
  const cut = text.lastIndexOf("=");
  if (cut <= 0) throw badOverride(text, "no `=`");
  return { source: text.slice(0, cut), name: text.slice(cut + 1) };
}

function patternOf(source: string, text: string): RegExp {
  if (source.startsWith("*")) {
    const escaped = source.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    return new RegExp(`^${escaped}$`);
  }
  try {
    return new RegExp(source);
  } catch {
    throw badOverride(text, source);
  }
}

const ggmlOverride = "PATTERN=TYPE with a regular expression and a ggml type, such as ffn_down=Q6_K";

function badOverride(text: string, found: string, expected = ggmlOverride): UsageError {
  return new UsageError("bad-override", `"${text}" does not give a type to tensors`, { expected, found });
}
