import type { FileType } from "../../recipe/fileTypes";
import type { WritePlan } from "../../recipe/preflight";
import { reasonCode } from "../../recipe/reasons";
import type { TypeOverride } from "../../recipe/recipe";

export interface LlamaQuantizeInput {
  readonly fileType: FileType;
  readonly plan: WritePlan;
  readonly overrides: readonly TypeOverride[];
  readonly pure: boolean;
  readonly allowRequantize: boolean;
  /** Path of an importance matrix. */
  readonly imatrix?: string;
}

/**
 * A shell script that has llama-quantize give every tensor the same type. Source: llama.cpp `tools/quantize/quantize.cpp`;
 * the first pattern that matches decides there as well.
 */
export function llamaQuantizeScript({ fileType, plan, overrides, pure, allowRequantize, imatrix }: LlamaQuantizeInput): string {
  const solved = plan.tensors.filter(({ reason }) => reasonCode(reason) === "targetSize");
  const options = [
    ...(allowRequantize ? ["--allow-requantize"] : []),
    ...(pure ? ["--pure"] : []),
    ...(imatrix === undefined ? [] : [`--imatrix ${quoted(imatrix)}`]),
    ...solved.map(({ name, type }) => `--tensor-type ${quoted(`^${name.replaceAll(".", "\\.")}$=${type.toLowerCase()}`)}`),
    ...overrides.map(({ pattern, type }) => `--tensor-type ${quoted(`${pattern.source}=${type.toLowerCase()}`)}`),
  ];
  const lines = [
    "#!/bin/sh",
    "# Quantizes a model with llama.cpp: sh THIS_FILE MODEL.gguf OUT.gguf",
    "# A folder of Hugging Face becomes such a MODEL.gguf by: convert_hf_to_gguf.py FOLDER --outtype auto --outfile MODEL.gguf",
    "set -eu",
    ["exec llama-quantize", ...options, `"$1" "$2" ${fileType.name}`].join(" \\\n  "),
  ];
  return `${lines.join("\n")}\n`;
}

/** A word of a shell's command line. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
