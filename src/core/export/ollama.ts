import type { FileType } from "../recipe/fileTypes";
import type { Reason } from "../recipe/reasons";
import { chatFormatOf } from "./chatTemplates";

/** Parameters of a Modelfile. */
export interface OllamaParameters {
  /** Tokens of context. */
  num_ctx?: number;
  temperature?: number;
  top_k?: number;
  top_p?: number;
}

export interface ModelfileInput {
  /** Name of the GGUF file, which lies in the same folder. */
  gguf: string;
  /** The model's chat template, in Jinja. */
  chatTemplate?: string;
  parameters?: OllamaParameters;
}

/**
 * A Modelfile for `ollama create`. With a conversation format that is known it has its template and stop words; without,
 * Ollama goes by the template in the GGUF file.
 */
export function modelfile({ gguf, chatTemplate, parameters = {} }: ModelfileInput): string {
  const format = chatTemplate === undefined ? undefined : chatFormatOf(chatTemplate);
  const lines = [`FROM ./${gguf}`];
  if (format) {
    lines.push(`TEMPLATE """${format.template}"""`);
    for (const stop of format.stop) lines.push(`PARAMETER stop ${JSON.stringify(stop)}`);
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) lines.push(`PARAMETER ${name} ${value}`);
  return `${lines.join("\n")}\n`;
}

/** Tensor types that Ollama does not read. Source: ollama `fs/ggml/type.go`. */
const unread = /^(IQ|TQ|NVFP4|Q1_0|Q2_0)/;
/** File types that `ollama create -q` makes itself. Source: ollama `fs/ggml/type.go` (ParseFileType). */
const ownTypes = ["F32", "F16", "BF16", "Q8_0", "Q4_K_S", "Q4_K_M"];

/** Why Ollama cannot take a file of this type, or undefined where it can. */
export function whyNotOllama({ name, base }: FileType): Reason | undefined {
  return unread.test(name) || unread.test(base) ? "unreadByOllama" : undefined;
}

/** Whether Ollama can also make this file type by itself, from F16, BF16 or F32 weights. */
export function ollamaMakes({ name }: FileType): boolean {
  return ownTypes.includes(name);
}

/** The command that installs a model. */
export function createCommand(name: string, file: string): string {
  return `ollama create ${name} -f ${/^[\w./-]+$/.test(file) ? file : JSON.stringify(file)}`;
}
