/** A way of writing a conversation, as Ollama takes it. */
export interface ChatFormat {
  readonly id: string;
  /** Found in every Jinja template of models that use it. */
  readonly marks: readonly string[];
  /** Go template of one exchange, with `.System`, `.Prompt` and `.Response`. */
  readonly template: string;
  /** Texts at which the answer ends. */
  readonly stop: readonly string[];
}

/** Those that are known, the most particular first. */
export const chatFormats: readonly ChatFormat[] = [
  {
    id: "llama3",
    marks: ["<|start_header_id|>", "<|eot_id|>"],
    template: [
      "{{ if .System }}<|start_header_id|>system<|end_header_id|>\n\n{{ .System }}<|eot_id|>{{ end }}",
      "{{ if .Prompt }}<|start_header_id|>user<|end_header_id|>\n\n{{ .Prompt }}<|eot_id|>{{ end }}",
      "<|start_header_id|>assistant<|end_header_id|>\n\n{{ .Response }}<|eot_id|>",
    ].join(""),
    stop: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
  },
  {
    id: "gemma",
    marks: ["<start_of_turn>", "<end_of_turn>"],
    template: [
      "<start_of_turn>user\n{{ if .System }}{{ .System }}\n\n{{ end }}{{ .Prompt }}<end_of_turn>\n",
      "<start_of_turn>model\n{{ .Response }}<end_of_turn>\n",
    ].join(""),
    stop: ["<start_of_turn>", "<end_of_turn>"],
  },
  {
    id: "chatml",
    marks: ["<|im_start|>", "<|im_end|>"],
    template: [
      "{{ if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}",
      "{{ if .Prompt }}<|im_start|>user\n{{ .Prompt }}<|im_end|>\n{{ end }}",
      "<|im_start|>assistant\n{{ .Response }}<|im_end|>\n",
    ].join(""),
    stop: ["<|im_start|>", "<|im_end|>"],
  },
  {
    id: "phi3",
    marks: ["<|user|>", "<|assistant|>", "<|end|>"],
    template: [
      "{{ if .System }}<|system|>\n{{ .System }}<|end|>\n{{ end }}",
      "{{ if .Prompt }}<|user|>\n{{ .Prompt }}<|end|>\n{{ end }}",
      "<|assistant|>\n{{ .Response }}<|end|>\n",
    ].join(""),
    stop: ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"],
  },
  {
    id: "llama2",
    marks: ["<<SYS>>", "[INST]"],
    template: "[INST] {{ if .System }}<<SYS>>\n{{ .System }}\n<</SYS>>\n\n{{ end }}{{ .Prompt }} [/INST] {{ .Response }}</s>",
    stop: ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"],
  },
  {
    id: "mistral",
    marks: ["[INST]", "[/INST]"],
    template: "[INST] {{ if .System }}{{ .System }}\n\n{{ end }}{{ .Prompt }} [/INST] {{ .Response }}</s>",
    stop: ["[INST]", "[/INST]"],
  },
];

/** The conversation format of a Jinja chat template, or undefined for one that is not known. */
export function chatFormatOf(jinja: string): ChatFormat | undefined {
  return chatFormats.find(({ marks }) => marks.every((mark) => jinja.includes(mark)));
}
