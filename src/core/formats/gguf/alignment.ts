import type { MetadataEntry } from "../../tensor/checkpoint";
import type { DiagnosticList } from "../diagnosticList";
import { metadataValue } from "./header";

const key = "general.alignment";
const defaultAlignment = 32;

/** Bytes that tensors are padded to: `general.alignment`, or 32. Values that ggml refuses are reported. */
export function readAlignment(metadata: readonly MetadataEntry[], file: string, diagnostics: DiagnosticList): number {
  const entry = metadata.find((candidate) => candidate.key === key);
  if (!entry) return defaultAlignment;
  const number = Number(metadataValue(metadata, key));
  const isUsable = Number.isSafeInteger(number) && number > 0 && number <= 2 ** 32;
  const used = isUsable ? number : defaultAlignment;
  const isPowerOfTwo = isUsable && Number.isInteger(Math.log2(number));
  if (entry.type !== "u32" || !isPowerOfTwo) {
    const severity = isUsable ? "warning" : "error";
    diagnostics.add(severity, "gguf.bad-alignment", `${key} is not valid; tensors are looked for at multiples of ${used}`, {
      file,
      expected: "a power of two, stored as u32",
      found: `${String(entry.value)} (${entry.type})`,
      hint: "llama.cpp refuses this file. Values may be read from the wrong place.",
    });
  } else if (number % 8 !== 0) {
    diagnostics.add("warning", "gguf.small-alignment", `${key} is ${number}, but the format asks for a multiple of 8`, {
      file,
      expected: "a multiple of 8",
      found: String(number),
      hint: "llama.cpp reads the file all the same; other readers may not.",
    });
  }
  return used;
}

/** The first multiple of `alignment` that is not below `offset`. Exact below 2^53. */
export function alignUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
