import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { isRecord } from "../../../src/core/estimate/textConfig";

type Config = Record<string, unknown>;

interface Case {
  name: string;
  /** Of the first case of a kind; those that follow say what they change of it. */
  config?: Config;
  changes?: Config;
  parameters: number;
  /** Of the language model alone, for models of several parts. */
  language?: number;
}

const file = path.join(__dirname, "..", "..", "fixtures", "estimate", "transformersCounts.json");
const { cases, others } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[]; others: string };

/** Models of which only the language model is counted, and the rest is said to be left out. */
const partly = new Set(
  (
    "blip-2 cosmos3_omni deepseek_vl deepseek_vl_hybrid exaone4_5 got_ocr2 idefics2 instructblip " +
    "instructblipvideo janus kimi_k25 minicpm_ocr minicpmv4_6 minicpmv4_7 ovis2 pp_chart2table qianfan_ocr qwen2_5_omni " +
    "qwen2_5_omni_thinker shieldgemma2 video_llama_3 video_llava audioflamingo3 glmasr granite_speech granite_speech_plus " +
    "moss_transcribe_diarize musicflamingo nemo_speechlm omniasr qwen2_audio qwen3_asr vibevoice_asr voxtral fun_asr_nano vibevoice"
  ).split(" "),
);

/** Heads and forms of known kinds that are said to be unknown. */
const unknownForms = new Set(
  (
    "BartForSequenceClassification BartForQuestionAnswering T5ForSequenceClassification T5ForTokenClassification T5ForQuestionAnswering " +
    "deberta-v2,legacy marian,share_encoder_decoder_embeddings"
  ).split(" "),
);

/** What is null is as if it were left out. */
function changed(config: Config, changes: Config): Config {
  const made: Config = { ...config };
  for (const [key, value] of Object.entries(changes)) {
    const old = config[key];
    made[key] = isRecord(value) && isRecord(old) ? changed(old, value) : value;
  }
  return made;
}

describe("weights of a config.json, against the shapes of transformers' own classes", () => {
  it("has so many cases that it means something", () => {
    assert.ok(cases.length > 400, String(cases.length));
    assert.ok(partly.size < cases.length / 10);
  });

  let base: Config = {};
  for (const { name, config, changes, parameters, language } of cases) {
    if (config) base = config;
    const whole = config ?? changed(base, changes ?? {});
    const kind = String(whole.model_type);
    it(`${name}: ${parameters}`, async () => {
      if (unknownForms.has(name.replace(/,? (?=\S+ turned$)/, ",").replace(/ turned$/, ""))) {
        assert.throws(() => configuredModel(whole, name), { code: "estimate.unknown-family" });
        return;
      }
      const { shapes, uncounted } = configuredModel(whole, name);
      assert.equal(shapes.parameters, partly.has(kind) ? language : parameters);
      assert.equal(uncounted.length > 0, partly.has(kind), uncounted.join());
    });
  }

  for (const kind of others.split(" ")) {
    it(`${kind} is said to be unknown`, async () => {
      assert.throws(() => configuredModel({ model_type: kind }, kind), { code: "estimate.unknown-family" });
    });
  }
});
