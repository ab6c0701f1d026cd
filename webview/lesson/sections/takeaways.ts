import { html, type TemplateResult } from "lit";
import { t } from "../../ui/l10n";
import { tableBox } from "../tableBox";
import type { LessonPart } from "../lessonPart";

interface Resource {
  name: string;
  address: string;
  what: string;
  today: string;
  here: string;
}

function takeaways(): [string, string][] {
  return [
    [t("4× and 8×"), t("INT8 takes a quarter of FP32, INT4 an eighth, and formats add their scales: count bits per weight.")],
    [t("Speed depends"), t("Fewer bytes help where reading weights takes the time. Measure on your own hardware, with your batch size.")],
    [t("Smaller devices"), t("4-bit weights bring models of several billion weights to consumer hardware. The KV cache needs room, too.")],
    [t("Ranges decide"), t("How scales are chosen, per tensor, channel or group, decides quality more than the name of a format.")],
    [
      t("Methods help at few bits"),
      t("GPTQ corrects the error of one column in the next ones; AWQ scales the channels that see large activations."),
    ],
    [t("Judge outputs"), t("Errors of weights are a hint. What counts is the output of layers, and perplexity or your own task.")],
  ];
}

function resources(): Resource[] {
  return [
    {
      name: "AutoGPTQ",
      address: "https://github.com/AutoGPTQ/AutoGPTQ",
      what: t("GPTQ for Hugging Face models"),
      today: t("Retired (pip install auto-gptq). GPTQModel (pip install gptqmodel) and llm-compressor carry on and read the same files."),
      here: t("Quantize… writes GPTQ checkpoints; the editor reads them."),
    },
    {
      name: "AutoAWQ",
      address: "https://github.com/casper-hansen/AutoAWQ",
      what: t("AWQ and kernels for it"),
      today: t("Retired (pip install autoawq). llm-compressor (pip install llmcompressor) carries on."),
      here: t("Quantize… writes AWQ checkpoints; the editor reads them."),
    },
    {
      name: "bitsandbytes",
      address: "https://github.com/bitsandbytes-foundation/bitsandbytes",
      what: t("LLM.int8(), NF4 and FP4, the base of QLoRA"),
      today: t("Maintained."),
      here: t("Quantize… writes its checkpoints; Compare Types measures NF4 and FP4."),
    },
    {
      name: "Ollama",
      address: "https://ollama.com",
      what: t("Runs GGUF models locally"),
      today: t("Maintained; uses GGUF files as llama.cpp does."),
      here: t("Quantize… writes GGUF files, with a Modelfile for Ollama."),
    },
  ];
}

function render(): TemplateResult {
  return html`<ul class="take">
      ${takeaways().map(([title, text]) => html`<li><b>${title}</b>${text}</li>`)}
    </ul>
    ${tableBox(
      t("Resources"),
      html`<table class="facts res" aria-label=${t("Resources")}>
        <thead>
          <tr>
            <th scope="col">${t("Tool")}</th>
            <th scope="col">${t("What it is")}</th>
            <th scope="col">${t("Today")}</th>
            <th scope="col">${t("In Quantscope")}</th>
          </tr>
        </thead>
        <tbody>
          ${resources().map(
            ({ name, address, what, today, here }) =>
              html`<tr>
                <th scope="row"><a href=${address}>${name}</a></th>
                <td>${what}</td>
                <td>${today}</td>
                <td>${here}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
    <p class="sources">
      ${t("Sources:")} <a href="https://github.com/ModelCloud/GPTQModel">GPTQModel</a>,
      <a href="https://github.com/vllm-project/llm-compressor">llm-compressor</a>, <a href="https://arxiv.org/abs/2210.17323">GPTQ</a>,
      <a href="https://arxiv.org/abs/2306.00978">AWQ</a>, <a href="https://arxiv.org/abs/2305.14314">QLoRA</a>
    </p>`;
}

/** Section 9: what to remember, and the tools of the field with what became of them. */
export const takeawaysSection: LessonPart = { heading: () => t("Key takeaways and resources"), render };
