import { UsageError } from "../errors";
import type { Architecture } from "./architecture";
import { gemma2 } from "./gemma2";
import { gemma3 } from "./gemma3";
import { llama } from "./llama";
import { phi3 } from "./phi3";
import { qwen2 } from "./qwen2";
import { qwen3 } from "./qwen3";

/** Every family that is converted. */
export const architectures: readonly Architecture[] = [llama, qwen2, qwen3, gemma2, gemma3, phi3];

/**
 * The family of a model, by the class that config.json names.
 *
 * @throws UsageError `unknown-architecture`
 */
export function architectureOf(classes: readonly string[]): Architecture {
  const found = architectures.find((architecture) => architecture.classes.some((name) => classes.includes(name)));
  if (found) return found;
  const name = classes[0] ?? "unnamed";
  throw new UsageError("unknown-architecture", `Models of the class ${name} cannot be converted to GGUF`, {
    file: "config.json",
    found: name,
    expected: architectures.flatMap((architecture) => architecture.classes).join(", "),
    hint: "Convert it with llama.cpp's convert_hf_to_gguf.py, then quantize the GGUF file here.",
  });
}
