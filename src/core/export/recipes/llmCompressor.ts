import { UsageError } from "../../errors";
import { compressedTensors } from "../formats/compressedTensors";
import { type RecipeInput, unknownMethod } from "./recipeInput";

/** Modifiers of each method; the last quantizes and takes the settings. */
const modifiers: Readonly<Record<string, readonly string[]>> = {
  rtn: ["QuantizationModifier"],
  gptq: ["GPTQModifier"],
  awq: ["AWQModifier", "QuantizationModifier"],
};

/** Keys of the weights' arguments that choose something: the others are the library's own business. */
const chosen = ["num_bits", "type", "symmetric", "strategy", "group_size", "dynamic"];

/**
 * A recipe of llm-compressor with the same layers, bits and groups: what `oneshot` takes as `recipe`. Source: llm-compressor
 * `recipe/recipe.py`, `modifiers/quantization/quantization/mixin.py`.
 *
 * @throws UsageError `unknown-method`, `not-in-format`
 */
export function llmCompressorRecipe({ format, target, method, modules }: RecipeInput): string {
  const names = modifiers[method];
  if (!names) throw unknownMethod(method, Object.keys(modifiers));
  if (!target.scheme?.form && format.id !== compressedTensors.id) {
    throw new UsageError("not-in-format", `llm-compressor has no "${target.name}" of ${format.label}`, {
      found: `${format.id} ${target.name}`,
      hint: "Choose a type of compressed-tensors.",
    });
  }
  const own = format.id === compressedTensors.id ? target : compressedTensors.target(target.name);
  const config = own.config!(modules) as { ignore: string[]; config_groups: { group_0: Record<string, unknown> } };
  const { weights, input_activations: activations } = config.config_groups.group_0;
  const lines = [
    "# Quantizes a model with llm-compressor:",
    "#   from llmcompressor import oneshot",
    `#   oneshot(model="MODEL", recipe="THIS FILE", output_dir="OUT"${method === "rtn" ? "" : ", dataset=CALIBRATION, num_calibration_samples=256"})`,
    "quantize_stage:",
    "  quantize_modifiers:",
    ...names.slice(0, -1).map((name) => `    ${name}: {}`),
    `    ${names.at(-1)!}:`,
    "      config_groups:",
    "        group_0:",
    '          targets: ["Linear"]',
    `          weights: ${flow(weights)}`,
    `          input_activations: ${flow(activations)}`,
    `      ignore: ${JSON.stringify(config.ignore)}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The settings of an argument in YAML, whose flow style JSON is. */
function flow(value: unknown): string {
  if (typeof value !== "object" || value === null) return "null";
  const settings = Object.entries(value).filter(([key, setting]) => chosen.includes(key) && setting !== null);
  return `{${settings.map(([key, setting]) => `${key}: ${JSON.stringify(setting)}`).join(", ")}}`;
}
