import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { UsageError } from "../../../src/core/errors";
import { findLoaderFormat } from "../../../src/core/export/loaderFormats";
import { groupIndexOf, groupsOf } from "../../../src/core/export/quantizedLayer";
import { planSafetensors } from "../../../src/core/export/safetensors";
import { parseForm } from "../../../src/core/quant/split/integerForm";
import { awqRounding, compressedTensorsRounding, gptqRounding, roundToNearest } from "../../../src/core/quant/split/roundToNearest";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { QuantizedLayer } from "../../../src/core/export/quantizedLayer";
import { countValues } from "../../../src/core/tensor/tensorInfo";
import { findScheme, isValueScheme } from "../../../src/core/quant/registry";
import { reasonText } from "../../../src/core/recipe/reasons";
import { openPath } from "../../../src/io/openPath";
import { openSource } from "../../../src/jobs/tasks/byteSource";
import { writePrepared } from "../../../src/jobs/writePrepared";
import { temporaryFolder } from "../../support/temporaryFolder";
import { checkpointOf, engineOf, f32, quiet } from "../jobs/harness";

const config = '{"model_type": "llama", "torch_dtype": "float32"}';
const layer = (name: string): string => `model.layers.0.${name}.weight`;

/** Numbers around zero with some large ones, exact in every float type, the same every time. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 24) - 128) * 2 ** (i % 97 === 96 ? -7 : -10);
  });
}

/** @param odd shape of a layer that most formats cannot hold */
function model(rows: number, columns: number, odd?: [number, number]): Promise<Checkpoint> {
  return checkpointOf([
    f32("model.embed_tokens.weight", [8, columns], numbers(8 * columns, 1)),
    f32(layer("input_layernorm"), [columns], numbers(columns, 2)),
    f32(layer("self_attn.q_proj"), [rows, columns], numbers(rows * columns, 3)),
    f32(layer("mlp.gate"), [4, columns], numbers(4 * columns, 4)),
    ...(odd ? [f32(layer("mlp.up_proj"), odd, numbers(odd[0] * odd[1], 5))] : []),
    f32("lm_head.weight", [8, columns], numbers(8 * columns, 6)),
  ]);
}

describe("checkpoints for loaders, written and read back", function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  const engine = engineOf();

  async function write(
    checkpoint: Checkpoint,
    id: string,
    type: string,
    more: { dtype?: string; layers?: QuantizedLayer[]; splitBytes?: number } = {},
  ) {
    const folder = at(`${id}-${type}-${more.dtype ?? ""}${more.layers ? "-given" : ""}`);
    const format = findLoaderFormat(id)!;
    const pathOf = (name: string): string => path.join(folder, name);
    const { dtype, splitBytes } = more;
    const output = { pathOf, config, companions: [] };
    const plan = planSafetensors({
      checkpoint,
      format,
      target: format.target(type),
      dtype,
      splitBytes,
      out: pathOf("model.safetensors"),
      folder: output,
    });
    const layers = more.layers && { layers: () => asyncOf(more.layers!) };
    await writePrepared(engine(), checkpoint, { plan, folder, layers, notes: [] }, quiet());
    for (const { name, layout } of plan.files) assert.equal(statSync(name).size, layout.bytes);
    return { plan, folder };
  }

  /** Float32 values of a tensor, as the reader of packed weights decodes it. */
  async function valuesOf(folder: string, name: string): Promise<{ values: Float32Array; dtype: string; warnings: string[] }> {
    const checkpoint = await openPath(folder);
    const tensor = checkpoint.tensors.find((candidate) => candidate.name === name)!;
    const values = new Float32Array(countValues(tensor.shape));
    const source = openSource(tensor.source!.ref);
    source.read(0, new Uint8Array(values.buffer));
    source.close();
    await checkpoint.close();
    return { values, dtype: tensor.dtype, warnings: checkpoint.warnings.map(({ code }) => code) };
  }

  for (const [id, types, rows, columns, rounding, dtype] of [
    [
      "gptq",
      ["int2-g32", "int3-g32", "int3-sym-g96", "int4-sym-g16", "int4-g8", "int8-g32", "int8-sym-channel"],
      96,
      672,
      gptqRounding(1),
      "F16",
    ],
    ["gptq-v2", ["int2-sym-g32", "int3-channel", "int4-g48", "int8-g96"], 32, 96, gptqRounding(0), "BF16"],
    ["awq", ["int4-g8", "int4-g128", "int4-channel"], 32, 384, awqRounding, "F16"],
    [
      "compressed-tensors",
      ["int4-sym-g12", "int4-g12", "int8-g4", "int8-sym-channel", "w4a16_asym"],
      40,
      1152,
      compressedTensorsRounding,
      "F16",
    ],
    ["compressed-tensors", ["int4-sym-channel", "int8-sym-channel"], 7, 5, compressedTensorsRounding, "BF16"],
    // In several chunks, whose places are apart.
    ["gptq", ["int3-g32", "int4-sym-g96"], 1024, 672, gptqRounding(1), "F16"],
    ["awq", ["int4-g96"], 1024, 672, awqRounding, "F16"],
    ["compressed-tensors", ["int4-g96", "int4-sym-g96"], 1024, 672, compressedTensorsRounding, "F16"],
  ] as const) {
    for (const type of types) {
      it(`${id} ${type}, ${rows} × ${columns}: what was rounded to nearest, and given layers as they are`, async () => {
        const checkpoint = await model(rows, columns);
        const form = parseForm(type === "w4a16_asym" ? "int4-g128" : type)!;
        const matrix = { rows, columns, dtype };
        const name = layer("self_attn.q_proj");
        const rounded = roundToNearest(numbers(rows * columns, 3), matrix, form, rounding);
        const groups = groupsOf(columns, form.groupSize);
        const index = groupIndexOf(rounded);
        const expected = Float32Array.from(rounded.codes, (code, i) => {
          const cell = Math.floor(i / columns) * groups + index[i % columns]!;
          return (code - rounded.zeros[cell]!) * rounded.scales[cell]!;
        });
        const own = await write(checkpoint, id, type, { dtype });
        const given = await write(checkpoint, id, type, { dtype, layers: [{ kind: "layer", name, ...rounded }] });
        for (const { folder } of [own, given]) {
          const { values, warnings } = await valuesOf(folder, name);
          assert.deepEqual(warnings, []);
          // Scales are stored in half precision.
          const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!) / Math.abs(expected[i]! || 1)), 0);
          assert.ok(worst <= 2 ** (dtype === "F16" ? -10 : -7), String(worst));
        }
        const [first, second] = [own, given].map(({ folder }) => readFileSync(path.join(folder, "model.safetensors")));
        assert.ok(first!.equals(second!));
        await checkpoint.close();
      });
    }
  }

  for (const [type, rows, columns] of [
    ...(["nf4", "nf4-dq", "fp4-b128-dq", "llm-int8"] as const).map((type) => [type, 131, 151] as const),
    ...(["nf4-dq", "llm-int8"] as const).map((type) => [type, 1024, 672] as const),
  ]) {
    it(`bnb ${type}, ${rows} × ${columns}: also where the last block is short, or the last byte half used`, async () => {
      const checkpoint = await model(rows, columns);
      const { folder } = await write(checkpoint, "bnb", type);
      const name = layer("self_attn.q_proj");
      const { values } = await valuesOf(folder, name);
      const scheme = findScheme(type);
      assert.ok(isValueScheme(scheme));
      const exact = numbers(rows * columns, 3);
      const expected = new Float32Array(exact.length);
      scheme.fakeQuantize(exact, columns, expected, scheme.tensorSums?.(exact, { low: -1, high: 1 }) ?? []);
      assert.deepEqual(values, expected);
      await checkpoint.close();
    });
  }

  it("keeps what a format cannot hold, and says so to its loaders", async () => {
    const checkpoint = await model(32, 64, [35, 65]);
    const configOf = async (id: string, type: string): Promise<Record<string, unknown>> => {
      const { folder, plan } = await write(checkpoint, id, type, { dtype: "BF16" });
      const up = plan.tensors.find(({ name }) => name === layer("mlp.up_proj"))!;
      if (id !== "bnb") assert.match(reasonText(up.reason), /^kept: (65 inputs|35 outputs) are not a multiple of/);
      const { quantization_config: found, torch_dtype: kept } = JSON.parse(
        readFileSync(path.join(folder, "config.json"), "utf8"),
      ) as Record<string, unknown> & { quantization_config: Record<string, unknown> };
      assert.equal(kept, "bfloat16");
      return found;
    };
    const [gate, up] = ["model.layers.0.mlp.gate", "model.layers.0.mlp.up_proj"];
    const gptq = await configOf("gptq", "int4-sym-g32");
    assert.deepEqual(gptq["dynamic"], { [`-:^${gate.replaceAll(".", "\\.")}$`]: {}, [`-:^${up.replaceAll(".", "\\.")}$`]: {} });
    assert.deepEqual(gptq["modules_in_block_to_quantize"], [["self_attn.q_proj"]]);
    assert.deepEqual(gptq["meta"], { quantizer: ["quantscope"] });
    // Its own loader takes asymmetric zero-points in the first version from nobody else.
    assert.deepEqual((await configOf("gptq", "int4-g32"))["meta"], { quantizer: ["quantscope", "gptqmodel:0.9.0"] });
    assert.deepEqual((await configOf("gptq-v2", "int4-g32"))["meta"], { quantizer: ["quantscope"] });
    assert.deepEqual((await configOf("awq", "int4-g32"))["modules_to_not_convert"], [gate, up]);
    assert.deepEqual((await configOf("compressed-tensors", "int4-sym-g32"))["ignore"], ["lm_head", gate, up]);
    assert.deepEqual((await configOf("bnb", "nf4"))["llm_int8_skip_modules"], ["lm_head", gate]);
    await checkpoint.close();
  });

  it("refuses types with the reason, and layers of another form before they become nonsense", async () => {
    const code = { code: "not-in-format" };
    assert.throws(() => findLoaderFormat("gptq")!.target("int5-g128"), { ...code, message: /2, 3, 4 or 8 bits, not 5/ });
    assert.throws(() => findLoaderFormat("awq")!.target("int4-sym-g128"), { ...code, message: /zero-points/ });
    assert.throws(() => findLoaderFormat("awq")!.target("int8-g128"), { ...code, message: /4 bits, not 8/ });
    assert.throws(() => findLoaderFormat("compressed-tensors")!.target("int3-g128"), code);
    assert.throws(() => findLoaderFormat("bnb")!.target("int4-g128"), { code: "unknown-type" });
    assert.throws(() => findLoaderFormat("gptq")!.target("Q4_K"), { code: "unknown-type" });

    const checkpoint = await model(32, 64);
    const form = parseForm("int4-g32")!;
    const good = {
      kind: "layer" as const,
      name: layer("self_attn.q_proj"),
      ...roundToNearest(numbers(32 * 64, 3), { rows: 32, columns: 64, dtype: "F16" }, form, gptqRounding(1)),
    };
    const refused = async (layers: QuantizedLayer[], expected: string): Promise<void> => {
      await assert.rejects(write(checkpoint, "gptq", "int4-g32", { layers }), { code: expected });
    };
    await refused([], "layers.missing");
    await refused([good, good], "layers.unexpected");
    await refused([{ ...good, name: layer("mlp.up_proj") }], "layers.unexpected");
    await refused([{ ...good, bits: 8 }], "layers.form");
    await refused([{ ...good, codes: good.codes.map(() => 16) }], "layers.form");
    await refused([{ ...good, zeros: good.zeros.map(() => 0.5) }], "layers.form");
    await refused([{ ...good, scales: good.scales.subarray(1) }], "layers.form");
    await refused([{ ...good, groupIndex: new Int32Array(64) }], "layers.form");
    await refused([{ ...good, scales: good.scales.map(() => 1e6) }], "quantize.overflow");
    await assert.rejects(write(checkpoint, "gptq", "int4-g128"), { code: "nothing-to-quantize" });
    await checkpoint.close();
    // GPT-2's weights are inputs × outputs.
    const other = await checkpointOf([f32("transformer.h.0.attn.c_attn.weight", [32, 64], numbers(32 * 64, 1))]);
    await assert.rejects(write(other, "bnb", "nf4"), ({ fields }: UsageError) => {
      assert.equal(fields.found, "another family's name, transformer.h.0.attn.c_attn.weight");
      assert.match(fields.hint ?? "", /BitsAndBytesConfig/);
      return true;
    });
    await other.close();
  });
});

async function* asyncOf<T>(items: readonly T[]): AsyncIterable<T> {
  for (const item of items) yield await Promise.resolve(item);
}
