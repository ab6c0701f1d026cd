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

/**
 * Reads `PATTERN=TYPE`. The pattern is searched for in the tensor's name as a regular expression, as llama-quantize does;
 * one that begins with `*`, which no expression can, is taken as a wildcard pattern of the whole name.
 *
 * @throws UsageError `bad-override`
 */
export function parseOverride(text: string): TypeOverride {
  const cut = text.lastIndexOf("=");
  const [source, name] = [text.slice(0, cut).toLowerCase(), text.slice(cut + 1).toUpperCase()];
  if (cut <= 0 || ggmlTypeId(name) === undefined) throw badOverride(text, cut <= 0 ? "no `=`" : name);
  return { pattern: patternOf(source, text), type: name, text };
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

function badOverride(text: string, found: string): UsageError {
  return new UsageError("bad-override", `"${text}" does not give a type to tensors`, {
    expected: "PATTERN=TYPE with a regular expression and a ggml type, such as ffn_down=Q6_K",
    found,
  });
}
