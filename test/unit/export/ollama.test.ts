import assert from "node:assert/strict";
import { chatFormatOf } from "../../../src/core/export/chatTemplates";
import { createCommand, modelfile, ollamaMakes, whyNotOllama } from "../../../src/core/export/ollama";
import { fileTypes, findFileType } from "../../../src/core/recipe/fileTypes";

const jinja = {
  chatml: "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}",
  llama3: "<|begin_of_text|><|start_header_id|>{{ role }}<|end_header_id|>\n\n{{ content }}<|eot_id|>",
  gemma: "<bos><start_of_turn>{{ role }}\n{{ content }}<end_of_turn>\n",
  phi3: "<|user|>\n{{ content }}<|end|>\n<|assistant|>\n",
  llama2: "<s>[INST] <<SYS>>\n{{ system }}\n<</SYS>>\n\n{{ content }} [/INST]",
  mistral: "<s>[INST] {{ content }} [/INST]",
};

describe("export to Ollama", () => {
  for (const [id, template] of Object.entries(jinja)) {
    it(`knows conversations of the kind ${id}`, () => assert.equal(chatFormatOf(template)?.id, id));
  }

  it("writes where the weights are, template, stop words and parameters", () => {
    assert.equal(
      modelfile({ gguf: "m.gguf", chatTemplate: jinja.mistral, parameters: { temperature: 0.7, top_k: undefined, num_ctx: 4096 } }),
      [
        "FROM ./m.gguf",
        'TEMPLATE """[INST] {{ if .System }}{{ .System }}',
        "",
        '{{ end }}{{ .Prompt }} [/INST] {{ .Response }}</s>"""',
        'PARAMETER stop "[INST]"',
        'PARAMETER stop "[/INST]"',
        "PARAMETER temperature 0.7",
        "PARAMETER num_ctx 4096",
        "",
      ].join("\n"),
    );
  });

  it("leaves a conversation it does not know to Ollama", () => {
    assert.equal(modelfile({ gguf: "m.gguf", chatTemplate: "### Human: {{ x }}" }), "FROM ./m.gguf\n");
  });

  it("says of every type whether Ollama reads it", () => {
    const refused = fileTypes.filter(whyNotOllama).map(({ name }) => name);
    for (const name of ["IQ4_XS", "IQ4_NL", "TQ1_0", "Q2_0", "Q1_0", "IQ3_M"]) assert.ok(refused.includes(name), name);
    for (const name of ["Q4_0", "Q2_K", "Q6_K", "Q8_0", "BF16", "Q4_K_M"]) assert.ok(!refused.includes(name), name);
    assert.ok(ollamaMakes(findFileType("Q4_K_S")!) && !ollamaMakes(findFileType("Q6_K")!));
  });

  it("quotes a path where a shell needs it", () => {
    assert.equal(createCommand("m", "a/m.Modelfile"), "ollama create m -f a/m.Modelfile");
    assert.equal(createCommand("m", "a b"), 'ollama create m -f "a b"');
  });
});
