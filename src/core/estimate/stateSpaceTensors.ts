import { attention } from "./attentionTensors";
import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import { mamba, mamba2 } from "./mixerTensors";
import { convolution, linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";
import { nemotronLayers } from "./recurrentState";

/** @param isTied the output matrix is the embedding */
function withEmbedding(config: ConfigNumbers, layers: NamedShape[], lastNorm: NamedShape[], isTied: boolean): NamedShape[] {
  const [vocabulary, hidden] = [config.count("vocab_size"), config.count("hidden_size")];
  return [
    { name: "backbone.embeddings.weight", shape: [vocabulary, hidden] },
    ...layers,
    ...lastNorm,
    ...(isTied ? [] : linear("lm_head", vocabulary, hidden)),
  ];
}

/** Every tensor of a Mamba, Mamba 2 or Falcon-Mamba. @throws UsageError `estimate.config-incomplete` */
export function mambaTensors(config: ConfigNumbers, isSecond: boolean): NamedShape[] {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers");
  refuseTooMany(layers, 12);
  const expanded = (config.optional("expand") ?? 2) * hidden;
  const sizes = {
    hidden,
    inner: isSecond ? expanded : (config.optional("intermediate_size") ?? expanded),
    state: config.count("state_size"),
    kernel: config.count("conv_kernel"),
    hasBias: config.isBiased("use_bias"),
    hasConvolutionBias: config.isBiased(["use_conv_bias", true]),
  };
  const mixer = isSecond
    ? mamba2({ ...sizes, heads: config.count("num_heads"), groups: config.count("n_groups"), isNormed: true })
    : mamba({ ...sizes, rank: config.count("time_step_rank") });
  return withEmbedding(
    config,
    repeated(layers, "backbone.layers", () => [...norm("norm", hidden), ...within("mixer", mixer)]),
    norm("backbone.norm_f", hidden),
    config.flag("tie_word_embeddings") ?? !isSecond,
  );
}

/**
 * Every tensor of a Nemotron-H, each of whose layers is one half of another model's; undefined where a kind of layer is not known.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function nemotronTensors(config: ConfigNumbers): NamedShape[] | undefined {
  const hidden = config.count("hidden_size");
  const kinds = nemotronLayers(config.record);
  if (kinds?.every((kind) => ["mamba", "attention", "mlp", "moe"].includes(kind)) !== true) return undefined;
  refuseTooMany(kinds.length, 12 + 3 * (kinds.includes("moe") ? config.count("n_routed_experts") : 0));
  const bias = config.isBiased("mlp_bias");
  const upDown = (width: number, of = hidden): NamedShape[] => [
    ...linear("up_proj", width, of, bias),
    ...linear("down_proj", of, width, bias),
  ];
  const heads = config.count("mamba_num_heads");
  const make: Readonly<Record<string, () => NamedShape[]>> = {
    mamba: () =>
      mamba2({
        hidden,
        inner: heads * config.count("mamba_head_dim"),
        state: config.count("ssm_state_size"),
        kernel: config.count("conv_kernel", "mamba_d_conv"),
        heads,
        groups: config.count("n_groups", "mamba_n_groups"),
        hasBias: config.isBiased("use_bias"),
        hasConvolutionBias: config.isBiased(["use_conv_bias", true]),
        isNormed: true,
      }),
    attention: () =>
      attention(config, { norms: [], biases: { query: false, output: false }, tied: false }).map(({ name, shape }) => ({
        name: name.replace("self_attn.", ""),
        shape,
      })),
    mlp: () => upDown(config.count("intermediate_size")),
    moe: () => nemotronExperts(config, hidden, bias),
  };
  return withEmbedding(
    config,
    repeated(kinds.length, "backbone.layers", (layer) => [...norm("norm", hidden), ...within("mixer", make[kinds[layer]!]!())]),
    norm("backbone.norm_f", hidden),
    // Whatever the configuration says.
    false,
  );
}

function nemotronExperts(config: ConfigNumbers, hidden: number, bias: boolean): NamedShape[] {
  const count = config.count("n_routed_experts");
  // Experts may work on a narrower stream.
  const latent = config.optional("moe_latent_size");
  const of = latent ?? hidden;
  const width = config.count("moe_intermediate_size");
  const shared =
    config.countOrNone("n_shared_experts") === undefined ? undefined : config.countOrNone("moe_shared_expert_intermediate_size");
  return [
    ...linear("gate", count, hidden),
    { name: "gate.e_score_correction_bias", shape: [count] },
    ...repeated(count, "experts", () => [...linear("up_proj", width, of), ...linear("down_proj", of, width)]),
    ...(latent === undefined
      ? []
      : [...linear("fc1_latent_proj", latent, hidden, bias), ...linear("fc2_latent_proj", hidden, latent, bias)]),
    ...(shared === undefined
      ? []
      : [...linear("shared_experts.up_proj", shared, hidden, bias), ...linear("shared_experts.down_proj", hidden, shared, bias)]),
  ];
}

/** Every tensor of a RecurrentGemma. @throws UsageError `estimate.config-incomplete` */
export function recurrentGemmaTensors(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers");
  const heads = config.count("num_attention_heads");
  const inner = config.optional("lru_width") ?? hidden;
  // Of gate and up together.
  const width = Math.floor(config.count("intermediate_size") / 2);
  refuseTooMany(layers, 24);
  const said: unknown = config.record.block_types ?? config.record._block_types;
  const kinds: unknown[] = Array.isArray(said) && said.length > 0 ? said : ["recurrent", "recurrent", "attention"];
  const block = Math.floor(inner / heads);
  const recurrent = [
    ...linears(["linear_y", "linear_x"], inner, hidden, true),
    ...linear("linear_out", hidden, inner, true),
    ...convolution("conv_1d", [inner, 1, config.optional("conv1d_width") ?? 4], true),
    { name: "rg_lru.recurrent_param", shape: [inner] },
    ...["input_gate", "recurrent_gate"].flatMap((name) => [
      { name: `rg_lru.${name}_weight`, shape: [heads, block, block] },
      { name: `rg_lru.${name}_bias`, shape: [heads, block] },
    ]),
  ];
  const headDim = config.optional("head_dim") ?? Math.floor(hidden / heads);
  const queries = heads * headDim;
  const keys = (config.optional("num_key_value_heads") ?? heads) * headDim;
  const bias = config.isBiased("attention_bias");
  const attended = [
    ...linear("q_proj", queries, hidden, bias),
    ...linears(["k_proj", "v_proj"], keys, hidden, bias),
    ...linear("o_proj", hidden, queries, true),
  ];
  return withEmbedding(
    config,
    repeated(layers, "model.layers", (layer) => [
      ...norm("temporal_pre_norm", hidden),
      ...within("temporal_block", kinds[layer % kinds.length] === "attention" ? attended : recurrent),
      ...norm("channel_pre_norm", hidden),
      ...linears(["mlp_block.gate_proj", "mlp_block.up_proj"], width, hidden, true),
      ...linear("mlp_block.down_proj", hidden, width, true),
    ]),
    norm("model.final_norm", hidden),
    config.flag("tie_word_embeddings") ?? true,
  );
}
