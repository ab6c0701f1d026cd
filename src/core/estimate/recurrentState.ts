import type { Config } from "./textConfig";

/** Layers that keep a state of fixed size, whatever the length of the context. */
export interface LayerStates {
  /** Values of one layer's state: float32. */
  values: number;
  hasState(layer: number): boolean;
  /** Layers of the other kind, and in some models all, have attention. */
  hasAttention(layer: number): boolean;
}

/** What a state-space model, or linear attention, is made of. */
interface StateSize {
  /** Width of what the state is of. */
  inner?: number;
  /** Values for each of them. */
  state?: number;
  /** Groups, or heads, that share what goes into the state; 0 where nothing of it passes the convolution. */
  groups?: number;
  /** Tokens that the convolution before it sees. */
  kernel?: number;
}

/**
 * What the states and the convolution's last tokens take, as llama.cpp keeps them (`llama_hparams::n_embd_r` and `n_embd_s`; both F32).
 * For Qwen3-Next-80B that is 36 layers of 524,288 and 24,576 values: 72 and 3.38 MiB.
 */
function valuesOf({ inner, state, groups, kernel }: StateSize): number | undefined {
  if (!inner || !state || !kernel || groups === undefined) return undefined;
  return (kernel - 1) * (inner + 2 * groups * state) + state * inner;
}

function statesOf(size: StateSize, hasAttention: (layer: number) => boolean, isBoth = false): LayerStates | undefined {
  const values = valuesOf(size);
  return values === undefined ? undefined : { values, hasAttention, hasState: (layer) => isBoth || !hasAttention(layer) };
}

const nemotronLetters: Readonly<Record<string, string>> = { M: "mamba", "*": "attention", "-": "mlp", E: "moe" };
const nemotronNames: Readonly<Record<string, string>> = { linear_attention: "mamba", full_attention: "attention" };

/** What each layer of a Nemotron-H is: by a pattern of letters in old files, by a list in new ones. */
export function nemotronLayers(config: Config): string[] | undefined {
  const { hybrid_override_pattern: pattern, layers_block_type: list, layer_types: types } = config;
  const named: unknown = list ?? types;
  if (Array.isArray(named)) return named.map((kind) => nemotronNames[String(kind)] ?? String(kind));
  return typeof pattern === "string" ? Array.from(pattern, (letter) => nemotronLetters[letter] ?? letter) : undefined;
}

const never = (): boolean => false;
const always = (): boolean => true;

/** By the settings of each family in `configuration_*.py` of transformers; undefined where they do not tell. */
export function statesFromConfig(config: Config): LayerStates | undefined {
  const number = (key: string): number | undefined => {
    const value = config[key];
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value < 2 ** 24 ? value : undefined;
  };
  const product = (a: string, b: string): number | undefined => (number(a) && number(b) ? number(a)! * number(b)! : undefined);
  const mamba = {
    inner: number("mamba_d_ssm") ?? product("mamba_expand", "hidden_size"),
    state: number("mamba_d_state"),
    groups: number("mamba_n_groups"),
    kernel: number("mamba_d_conv"),
  };
  const named =
    (types: unknown, ...names: unknown[]) =>
    (layer: number) =>
      Array.isArray(types) && names.includes(types[layer]);
  switch (config.model_type) {
    case "mamba":
    case "falcon_mamba": {
      const inner = number("intermediate_size") ?? product("expand", "hidden_size");
      return statesOf({ inner, state: number("state_size"), groups: 0, kernel: number("conv_kernel") }, never);
    }
    case "mamba2": {
      const rest = { state: number("state_size"), groups: number("n_groups"), kernel: number("conv_kernel") };
      return statesOf({ inner: product("expand", "hidden_size"), ...rest }, never);
    }
    case "jamba": {
      const [period, offset] = [number("attn_layer_period"), number("attn_layer_offset") ?? 0];
      return period ? statesOf({ ...mamba, groups: 0 }, (layer) => layer % period === offset) : undefined;
    }
    case "falcon_h1":
      return statesOf(mamba, always, true);
    case "bamba": {
      const indices: unknown = config.attn_layer_indices;
      return Array.isArray(indices) ? statesOf(mamba, (layer) => indices.includes(layer)) : undefined;
    }
    case "nemotron_h": {
      const kinds = nemotronLayers(config);
      const inner = product("mamba_num_heads", "mamba_head_dim");
      const [groups, kernel] = [number("n_groups") ?? number("mamba_n_groups"), number("conv_kernel") ?? number("mamba_d_conv")];
      const values = valuesOf({ inner, state: number("ssm_state_size"), groups, kernel });
      if (!kinds || values === undefined) return undefined;
      return { values, hasAttention: (layer) => kinds[layer] === "attention", hasState: (layer) => kinds[layer] === "mamba" };
    }
    case "lfm2":
    case "lfm2_moe": {
      const [hidden, seen] = [number("hidden_size"), number("conv_L_cache")];
      const hasAttention = named(config.layer_types, "full_attention");
      if (!hidden || !seen || !Array.isArray(config.layer_types)) return undefined;
      return { values: hidden * (seen - 1), hasAttention, hasState: (layer) => !hasAttention(layer) };
    }
    case "granitemoehybrid":
      return Array.isArray(config.layer_types) ? statesOf(mamba, named(config.layer_types, "attention", "full_attention")) : undefined;
    case "qwen3_next":
    case "qwen3_5_text":
    case "qwen3_5_moe_text": {
      const size = {
        inner: product("linear_value_head_dim", "linear_num_value_heads"),
        state: number("linear_key_head_dim"),
        groups: number("linear_num_key_heads"),
        kernel: number("linear_conv_kernel_dim"),
      };
      const every = number("full_attention_interval") ?? 4;
      const types: unknown = config.layer_types;
      return statesOf(size, Array.isArray(types) ? named(types, "full_attention") : (layer) => (layer + 1) % every === 0);
    }
    default:
      return undefined;
  }
}

/**
 * The same from GGUF keys.
 *
 * @param number a key's number, by its name after the architecture's
 * @param keyValueHeads of each layer, where the file lists them: 0 in those with a state
 */
export function statesFromGguf(
  architecture: string,
  number: (name: string) => number | undefined,
  keyValueHeads: number | number[] | undefined,
): LayerStates | undefined {
  const size = {
    inner: number("ssm.inner_size"),
    state: number("ssm.state_size"),
    kernel: number("ssm.conv_kernel"),
    groups: number("ssm.group_count") ?? 0,
  };
  switch (architecture) {
    case "mamba":
    case "mamba2":
      return statesOf(size, never);
    case "falcon-h1":
      return statesOf(size, always, true);
    case "jamba":
    case "granitehybrid":
      return Array.isArray(keyValueHeads) ? statesOf(size, (layer) => (keyValueHeads[layer] ?? 0) > 0) : undefined;
    case "qwen3next":
    case "qwen35":
    case "qwen35moe": {
      const every = number("full_attention_interval") ?? 4;
      return statesOf(size, (layer) => (layer + 1) % every === 0);
    }
    default:
      return undefined;
  }
}
