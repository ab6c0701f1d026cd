import { UsageError } from "../../errors";
import { type RecipeInput, unknownMethod } from "./recipeInput";

/**
 * A script for GPTQModel with the same layers, bits and groups. Source: GPTQModel `quantization/config.py`,
 * `models/base.py` (quantize).
 *
 * @throws UsageError `unknown-method`, `not-in-format`
 */
export function gptqModelScript({ format, target, method, modules }: RecipeInput): string {
  const form = target.scheme?.form;
  const known = format.id === "awq" ? "awq" : "gptq";
  if (!form || !["gptq", "gptq-v2", "awq"].includes(format.id)) {
    throw new UsageError("not-in-format", `GPTQModel does not write ${format.label} checkpoints`, {
      found: format.id,
      expected: "gptq, gptq-v2, awq",
    });
  }
  if (method !== known) throw unknownMethod(method, [known]);
  const version = format.id === "awq" ? "gemm" : format.id.replace("-", "_");
  const settings = [
    ["method", known],
    ["format", version],
    ["bits", form.bits],
    ["group_size", form.groupSize],
    ["sym", form.symmetric],
    ["desc_act", form.ordered ?? false],
    ...(modules.kept.length > 0
      ? [["dynamic", Object.fromEntries(modules.kept.map((name) => [`-:^${name.replaceAll(".", "\\.")}$`, {}]))]]
      : []),
  ] as const;
  const lines = [
    `# Quantizes a model with GPTQModel: python THIS_FILE MODEL OUT CALIBRATION.txt`,
    "# The text for the calibration should be like what the model is used for: some hundred lines or paragraphs.",
    "import sys",
    "",
    "from gptqmodel import GPTQModel, QuantizeConfig",
    "",
    "",
    "def main(source, target, calibration):",
    '    with open(calibration, encoding="utf-8") as text:',
    "        lines = [line.strip() for line in text if line.strip()]",
    "    config = QuantizeConfig(",
    ...settings.map(([name, value]) => `        ${name}=${python(value)},`),
    "    )",
    "    model = GPTQModel.load(source, config)",
    "    model.quantize(lines, batch_size=1)",
    "    model.save(target)",
    "",
    "",
    'if __name__ == "__main__":',
    "    main(*sys.argv[1:4])",
  ];
  return `${lines.join("\n")}\n`;
}

/** A JSON value as Python spells it. */
function python(value: unknown): string {
  return typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}
