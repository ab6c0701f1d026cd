import { windowedAttention } from "./attentionTensors";
import type { ConfigFamily } from "./configFamily";
import type { ConfigNumbers } from "./configNumbers";
import { isKimiDelta, kimiDelta, olmoDelta } from "./deltaTensors";
import { expertKinds } from "./expertKinds";
import { adaptiveWidth, apertusActivation, differential, gatedOutput, sharedFeedForward, subNorms } from "./familyExtras";
import { lightningAttention, mamba2Of, mambaOf, shortConvolution } from "./mixerTensors";
import type { NamedShape } from "./namedShape";
import { statesFromConfig } from "./recurrentState";

const usualNorms = ["input_layernorm", "post_attention_layernorm"];
const sandwichNorms = [...usualNorms, "pre_feedforward_layernorm", "post_feedforward_layernorm"];
const hybridNorms = ["input_layernorm", "pre_ff_layernorm"];
const noOutputBias = { output: false };

const llama: ConfigFamily = { norms: usualNorms, tied: false };
const gemma3: ConfigFamily = { norms: sandwichNorms, queryKeyNorms: "head", tied: true };
const deepseek: ConfigFamily = { ...llama, attention: "latent", experts: expertKinds.deepseek };
const deepseekV3: ConfigFamily = { ...deepseek, biases: { feedForward: false }, experts: expertKinds.balanced };
const qwen2: ConfigFamily = { ...llama, biases: { query: true, output: false } };
const qwen3: ConfigFamily = { ...llama, queryKeyNorms: "head" };
const qwen3Experts: ConfigFamily = { ...qwen3, experts: expertKinds.qwen };
const apertus: ConfigFamily = { ...qwen3, ungated: true, extra: apertusActivation };
const gatedDelta: ConfigFamily = { ...qwen3, attention: "gatedDelta" };
const olmo2: ConfigFamily = { norms: ["post_attention_layernorm", "post_feedforward_layernorm"], queryKeyNorms: "all", tied: false };
const cohere: ConfigFamily = { norms: ["input_layernorm"], queryKeyNorms: "all", normsIfSaid: "use_qk_norm", tied: true };
const glm4: ConfigFamily = {
  norms: [...usualNorms, "post_self_attn_layernorm", "post_mlp_layernorm"],
  biases: noOutputBias,
  fusedFeedForward: true,
  tied: false,
};
const everyBias = (key: string) => ({ query: key, output: key, feedForward: key });
const ernie: ConfigFamily = { ...llama, biases: everyBias("use_bias"), tied: true };
const granite: ConfigFamily = { ...llama, experts: expertKinds.mixtral, extra: sharedFeedForward };
/** Layers with a state in the place of attention. */
const inPlaceOfAttention = (make: (config: ConfigNumbers) => NamedShape[]) => (config: ConfigNumbers, layer: number) =>
  statesFromConfig(config.record)?.hasAttention(layer) === true ? undefined : make(config);
const bamba: ConfigFamily = {
  norms: hybridNorms,
  mixer: inPlaceOfAttention((config) => mamba2Of(config)),
  tied: false,
};
const lfm2: ConfigFamily = {
  norms: ["operator_norm", "ffn_norm"],
  queryKeyNorms: "head",
  biases: { query: false, output: false },
  mixer: (config, layer) => (config.kindOf("layer_types", layer) === "full_attention" ? undefined : shortConvolution(config)),
  tied: true,
};

/** MiniMax: by a list of names, or of 1 for attention; every other layer where there is none. */
function isLightning(config: ConfigNumbers, layer: number): boolean {
  const said = config.kindOf("layer_types", layer);
  if (said !== undefined) return said === "linear_attention";
  const types = config.numbers("attn_type_list");
  return types.length > 0 ? types[layer] === 0 : layer % 2 === 1;
}

/** Families whose weights can be counted from a config.json, by `model_type`. */
export const configFamilies: ReadonlyMap<string, ConfigFamily> = new Map(
  Object.entries({
    llama,
    mistral: llama,
    granite: llama,
    ministral: llama,
    ministral3: llama,
    exaone: llama,
    internlm3: llama,
    cwm: llama,
    smollm3: { ...llama, tied: true },
    iquestcoder: llama,
    hyperclovax: {
      ...llama,
      norms: (config) => (config.flag("use_post_norm") === false ? usualNorms : [...usualNorms, "post_norm1", "post_norm2"]),
    },
    diffllama: { ...llama, extra: differential },
    granite_swa: { ...llama, sinks: true, tied: true },
    helium: { ...llama, squareOutput: true, biases: noOutputBias },
    arcee: { ...llama, ungated: true },
    nemotron: { ...llama, ungated: true, normBias: true },
    jais2: { ...llama, ungated: true, normBias: true },
    bitnet: { ...llama, extra: subNorms },
    apertus,
    apertus1p5_text: apertus,
    nanochat: { ...llama, norms: [], plainNorms: true, ungated: true },
    stablelm: {
      ...llama,
      norms: (config) => (config.flag("use_parallel_residual") ? ["input_layernorm"] : usualNorms),
      normBias: true,
      ...{ queryKeyNorms: "each", normsIfSaid: "qk_layernorm", biases: { query: "use_qkv_bias", output: false } },
    },
    ernie4_5: ernie,
    ernie4_5_moe: { ...ernie, headBias: "use_bias", experts: expertKinds.ernie },
    hunyuan_v1_dense: qwen3,
    hunyuan_v1_moe: { ...qwen3, experts: expertKinds.hunyuan },
    mixtral: { ...llama, experts: expertKinds.mixtral },
    granitemoe: { ...llama, experts: expertKinds.mixtral },
    granitemoeshared: granite,
    granitemoe_swa: { ...granite, sinks: true },
    aria_text: { ...llama, experts: expertKinds.aria },
    minimax: {
      ...llama,
      experts: expertKinds.mixtral,
      mixer: (config, layer) => (isLightning(config, layer) ? lightningAttention(config) : undefined),
      biases: { query: false, output: false },
    },
    minimax_m2: { ...llama, queryKeyNorms: "all", experts: expertKinds.minimax },
    phimoe: { ...llama, normBias: true, headBias: "lm_head_bias", experts: expertKinds.mixtral },
    qwen2,
    qwen2_vl: qwen2,
    qwen2_vl_text: qwen2,
    qwen2_5_vl: qwen2,
    qwen2_5_vl_text: qwen2,
    qwen2_5_omni_text: qwen2,
    qwen2_moe: { ...qwen2, biases: { query: ["qkv_bias", true], output: false }, experts: expertKinds.qwen },
    qwen3,
    qwen3_vl_text: qwen3,
    qwen3_moe: qwen3Experts,
    qwen3_omni_moe_text: qwen3Experts,
    mellum: qwen3Experts,
    qwen3_vl_moe_text: qwen3Experts,
    qwen3_next: { ...gatedDelta, experts: expertKinds.qwen },
    qwen3_5_text: gatedDelta,
    qwen3_5_moe_text: { ...gatedDelta, experts: expertKinds.qwen },
    seed_oss: { ...llama, biases: { output: "attention_out_bias" } },
    glm: { ...llama, biases: noOutputBias, fusedFeedForward: true },
    glm4,
    glm4v_text: { ...glm4, biases: { query: true, output: false } },
    glm_ocr_text: { ...glm4, biases: { query: false, output: false } },
    glm4v_moe_text: { ...llama, biases: noOutputBias, experts: expertKinds.balanced },
    glm4_moe: { ...llama, biases: noOutputBias, queryKeyNorms: "head", normsIfSaid: "use_qk_norm", experts: expertKinds.balanced },
    glm4_moe_lite: deepseekV3,
    glm_moe_dsa: deepseekV3,
    dots1: { ...qwen3, experts: expertKinds.balanced },
    solar_open: { ...llama, biases: noOutputBias, experts: expertKinds.balanced },
    exaone_moe: { ...qwen3, experts: expertKinds.balanced },
    hy_v3: { ...qwen3, experts: expertKinds.hunyuan3 },
    afmoe: {
      ...qwen3,
      norms: [...usualNorms, "pre_mlp_layernorm", "post_mlp_layernorm"],
      extra: gatedOutput,
      experts: expertKinds.afmoe,
    },
    cohere,
    cohere2: cohere,
    cohere2_moe: { ...cohere, width: (config) => config.count("prefix_dense_intermediate_size"), experts: expertKinds.cohere },
    llama4_text: { ...llama, width: (config) => config.count("intermediate_size_mlp"), experts: expertKinds.llama4 },
    gemma: { norms: usualNorms, tied: true },
    vaultgemma: { norms: usualNorms, tied: true },
    gemma2: { norms: sandwichNorms, tied: true },
    gemma3,
    gemma3_text: gemma3,
    phi3: { ...llama, fused: true, biases: noOutputBias },
    olmo: { ...llama, norms: [], plainNorms: true },
    olmo2,
    olmo3: olmo2,
    olmo_hybrid: {
      ...olmo2,
      mixer: (config, layer) => (config.kindOf("layer_types", layer) === "full_attention" ? undefined : olmoDelta(config)),
    },
    olmoe: { ...llama, queryKeyNorms: "all", experts: expertKinds.mixtral },
    flex_olmo: { ...olmo2, experts: expertKinds.mixtral },
    exaone4: { norms: olmo2.norms, queryKeyNorms: "head", tied: false },
    gpt_oss: { ...llama, sinks: true, experts: expertKinds.gptOss },
    deepseek_v2: deepseek,
    mistral4: deepseek,
    deepseek_v3: deepseekV3,
    deepseek_v32: deepseekV3,
    kimi_k2: deepseekV3,
    kimi_linear: {
      ...deepseekV3,
      mixer: (config, layer) => (isKimiDelta(config, layer) ? kimiDelta(config) : undefined),
      notWith: ["routed_expert_hidden_size", "mla_use_output_gate", "attn_res_block_size"],
    },
    sarvam_mla: deepseekV3,
    sarvam_moe: { ...llama, biases: noOutputBias, queryKeyNorms: "head", normsIfSaid: "use_qk_norm", experts: expertKinds.balanced },
    mimo_v2_flash: { ...llama, mixer: windowedAttention, experts: expertKinds.mimo },
    youtu: { ...llama, attention: "latent", tied: true },
    minicpm3: { ...llama, attention: "latent", tied: true },
    jamba: { norms: hybridNorms, mixer: inPlaceOfAttention(mambaOf), experts: expertKinds.jamba, tied: false },
    bamba,
    falcon_h1: { norms: hybridNorms, extra: (config) => mamba2Of(config, config.isBiased("mamba_rms_norm")), tied: false },
    granitemoehybrid: { ...granite, mixer: bamba.mixer },
    lfm2: { ...lfm2, width: adaptiveWidth },
    lfm2_moe: { ...lfm2, experts: expertKinds.lfm2 },
  } satisfies Record<string, ConfigFamily>),
);
