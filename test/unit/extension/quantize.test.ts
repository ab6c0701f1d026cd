import assert from "node:assert/strict";
import path from "node:path";
import type { Folder } from "../../../src/core/file";
import { loaderWarningText } from "../../../src/core/export/loaderWarnings";
import { reasonText } from "../../../src/core/recipe/reasons";
import { openModel } from "../../../src/core/convert/openModel";
import type { SourceModel } from "../../../src/core/convert/sourceModel";
import { loaderFormats } from "../../../src/core/export/loaderFormats";
import { fileTypes } from "../../../src/core/recipe/fileTypes";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { NumberText } from "../../../src/extension/numberText";
import { preflightPicture } from "../../../src/extension/quantize/preflightPicture";
import { lostKept, outputName, presetOf, type QuantizeChoices, requestOf, stepsOf } from "../../../src/extension/quantize/quantizeChoices";
import { CalibratedMethods, type CalibratedSubject } from "../../../src/extension/quantize/calibratedMethods";
import { typeOptions } from "../../../src/extension/quantize/typeOptions";
import { writeProgress } from "../../../src/extension/quantize/writeProgress";
import { preflightMarkdown } from "../../../src/extension/report/preflightMarkdown";
import { folderOf, openPath } from "../../../src/io/openPath";
import { prepareWrite, type WriteRequest } from "../../../src/jobs/prepareWrite";
import type { Engine } from "../../../src/jobs/engine";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");
const named = (name: string) => ({ kind: "named" as const, name });
const numbers = new NumberText("en");

/** A folder in which there is nothing but the configuration. */
function withoutTokenizer(folder: Folder): Folder {
  return { ...folder, open: (name) => folder.open(name), exists: async (name) => name === "config.json" && folder.exists(name) };
}

/** How a picture of a write of this type is asked for. */
const settingOf = (type: string) => ({
  type,
  agreed: "",
  requantized: "again",
  reasonText,
  warningText: loaderWarningText,
  locale: "en",
  strings: {},
});

describe("quantize: the questions", () => {
  it("are those that make sense after what was chosen", () => {
    assert.deepEqual(stepsOf({}), ["format", "type", "method", "scope", "destination"]);
    assert.deepEqual(stepsOf({ format: "gguf", type: named("F16") }), ["format", "type", "destination"]);
    assert.deepEqual(stepsOf({ format: "safetensors", type: named("nf4") }), ["format", "type", "layout", "destination"]);
    assert.deepEqual(stepsOf({ format: "gguf", type: { kind: "size" } }), ["format", "type", "size", "method", "destination"]);
    assert.deepEqual(stepsOf({ format: "gptq", type: named("int4-sym-g128") }), ["format", "type", "method", "destination"]);
    assert.deepEqual(stepsOf({ format: "bnb", type: named("nf4"), method: "gptq" }), ["format", "type", "destination"]);
    for (const format of ["gptq", "gptq-v2", "awq", "compressed-tensors"] as const) {
      const steps = stepsOf({ format, type: named("int4-g128"), method: "awq" });
      assert.deepEqual(steps, ["format", "type", "method", "text", "destination"], format);
    }
    const sized: QuantizeChoices = { format: "gguf", type: { kind: "size" }, method: "gptq" };
    assert.deepEqual(stepsOf(sized), ["format", "type", "size", "method", "text", "destination"]);
    const byPattern: QuantizeChoices = { format: "ollama", type: named("Q4_K_M"), scope: "overrides" };
    assert.deepEqual(stepsOf(byPattern), ["format", "type", "method", "scope", "overrides", "destination"]);
    assert.deepEqual(stepsOf({ format: "gguf", ...presetOf("Q4_K", []) }), ["format", "type", "method", "destination"]);
  });

  it("offer a name that says what is in the file", () => {
    assert.equal(outputName("model.safetensors", { format: "gguf", type: named("Q4_K_M") }), "model-Q4_K_M.gguf");
    assert.equal(outputName("model.safetensors.index.json", { format: "ollama", type: { kind: "size" } }), "model-fit.gguf");
    assert.equal(outputName("tiny-llama", { format: "safetensors", type: named("fp8"), layout: "folder" }), "tiny-llama-fp8");
    assert.equal(outputName("model.safetensors", { format: "gptq-v2", type: named("int4-g128") }), "model-gptq-v2-int4-g128");
    assert.equal(outputName("tiny.gguf", { format: "safetensors", type: named("F16"), layout: "file" }), "tiny-F16.safetensors");
  });
});

describe("quantize: types of the Errors page", () => {
  it("are the file types that give them to every matrix", () => {
    const nameOf = (type: string) => presetOf(type, [])?.type?.name;
    assert.deepEqual(["Q4_K", "q3_k", "Q8_0", "IQ3_S", "IQ2_S", "MXFP4"].map(nameOf), [
      "Q4_K_S",
      "Q3_K_S",
      "Q8_0",
      "IQ3_S",
      "IQ2_M",
      "MXFP4_MOE",
    ]);
    for (const { base } of fileTypes) {
      const found = presetOf(base, [])?.type;
      assert.equal(fileTypes.find(({ name }) => name === found?.name)?.base, base);
      assert.equal(found?.pure, true);
    }
    assert.deepEqual(presetOf("Q4_K_M", ["a"])?.type, { kind: "preset", name: "Q4_K_M", pure: false, keep: ["a"] });
    assert.equal(presetOf("NF4", [])?.format, "safetensors");
    for (const [type, format] of Object.entries({ fp8: "safetensors", "int4-g128": "gptq", "NF4-dq": "bnb" })) {
      const found = presetOf(type, ["a.b.weight"]);
      assert.equal(found?.format, format);
      const kept = requestOf({ ...found, out: "/x" }, undefined).overrides!;
      assert.deepEqual(
        kept.map((override) => [override.type, ...["a.b.weight", "a_b.weight", "xa.b.weight"].map((name) => override.pattern.test(name))]),
        [["STORED", true, false, false]],
      );
    }
    assert.deepEqual(presetOf("int4-g128", []), { format: "gptq", type: { kind: "preset", name: "int4-g128", pure: false, keep: [] } });
    assert.equal(presetOf("int4-p99.9", []), undefined);
  });
});

describe("quantize: what is asked for", () => {
  let checkpoint: Checkpoint;
  let model: SourceModel;
  before(async () => {
    checkpoint = await openPath(sample);
    model = await openModel(checkpoint, await folderOf(sample));
  });
  after(() => checkpoint.close());

  const planOf = async (choices: QuantizeChoices) => {
    const request = requestOf({ format: "gguf", out: "/x/out.gguf", ...choices }, model);
    const context = { signal: new AbortController().signal, progress: () => undefined };
    // Only a target size needs the engine.
    return prepareWrite(undefined as unknown as Engine, { checkpoint, folder: await folderOf(sample), model }, request, context);
  };
  const typeIn = ({ plan }: Awaited<ReturnType<typeof planOf>>, tensor: string) => plan.tensors.find(({ name }) => name === tensor)?.type;

  it("becomes one type for everything but what is kept, by the names of the checkpoint", async () => {
    const prepared = await planOf({ ...presetOf("Q4_K", ["model.layers.1.mlp.down_proj.weight", "model.norm.weight", "none"]) });
    assert.equal(typeIn(prepared, "blk.1.ffn_down.weight"), "Q8_0");
    assert.equal(typeIn(prepared, "blk.2.ffn_down.weight"), "Q4_K");
    assert.equal(typeIn(prepared, "output_norm.weight"), "F32");
    assert.equal(lostKept({ ...presetOf("Q4_K", ["model.norm.weight", "none"]) }, model), 1);
  });

  it("keeps embeddings and output in their type, takes patterns, or one type without rules", async () => {
    const ends = await planOf({ type: named("Q4_K_M"), scope: "keepEnds" });
    assert.deepEqual(
      ["token_embd.weight", "output.weight", "blk.0.attn_q.weight"].map((name) => typeIn(ends, name)),
      ["BF16", "BF16", "Q4_K"],
    );
    const patterns = await planOf({ type: named("Q4_0"), scope: "overrides", overrides: "attn_v=Q8_0, ffn_down=q6_k" });
    assert.deepEqual(
      ["blk.3.attn_v.weight", "blk.3.attn_q.weight"].map((name) => typeIn(patterns, name)),
      ["Q8_0", "Q4_0"],
    );
    const pure = await planOf({ type: named("Q4_K_M"), scope: "pure" });
    assert.equal(typeIn(pure, "blk.0.attn_v.weight"), "Q4_K");
    assert.equal(typeIn(await planOf({ type: named("F16"), scope: "pure" }), "output.weight"), "F16");
  });

  it("names the method only where it was asked for", () => {
    const methodOf = (choices: QuantizeChoices) => requestOf({ out: "/x", method: "gptq", ...choices }, model).method;
    assert.equal(methodOf({ format: "gptq", type: named("int4-sym-g128") }), "gptq");
    assert.equal(methodOf({ format: "gguf", type: named("Q4_K_M") }), "gptq");
    assert.equal(methodOf({ format: "gguf", type: { kind: "size" }, targetSize: 1 }), "gptq");
    // Chosen, and then another type or format, which have no such question.
    assert.equal(methodOf({ format: "gguf", type: named("F16") }), undefined);
    assert.equal(methodOf({ format: "bnb", type: named("nf4") }), undefined);
    assert.equal(methodOf({ format: "gptq", type: named("int4-sym-g128"), method: undefined }), undefined);
  });

  describe("with calibration", () => {
    const methodsOf = async (about: Partial<CalibratedSubject> = {}) => {
      const folder = about.folder ?? (await folderOf(sample));
      const subject = { checkpoint, folder, directory: "/x", model, ...about };
      const plan = (request: WriteRequest) => {
        const context = { signal: new AbortController().signal, progress: () => undefined };
        const known = "reason" in subject.model ? undefined : subject.model;
        return prepareWrite(undefined as unknown as Engine, { ...subject, model: known }, request, context);
      };
      return new CalibratedMethods({ ...subject, plan, refusalText: ({ code }) => code });
    };
    const reasons = async (methods: CalibratedMethods, choices: QuantizeChoices) => [
      await methods.whyNot("gptq", choices),
      await methods.whyNot("awq", choices),
    ];

    it("is offered where the method makes the type, else with the reason", async () => {
      const methods = await methodsOf();
      const expected: [QuantizeChoices, (string | undefined)[]][] = [
        [{ format: "gptq", type: named("int4-sym-g128") }, [undefined, undefined]],
        [{ format: "gptq", type: named("int3-sym-g128") }, [undefined, "bad-scaling-option"]],
        [{ format: "compressed-tensors", type: named("fp8_dynamic") }, ["not-integers", "not-integers"]],
        [{ format: "gguf", type: named("Q4_K_M") }, [undefined, "not-for-gguf"]],
        [{ format: "ollama", ...presetOf("Q4_K", []) }, [undefined, "not-for-gguf"]],
        [{ format: "gguf", type: named("Q8_0") }, ["nothing-to-calibrate", "not-for-gguf"]],
        [{ format: "gguf", type: { kind: "size" } }, [undefined, "not-for-gguf"]],
      ];
      assert.equal(await methods.whyNot("smoothquant", { format: "compressed-tensors", type: named("w8a8") }), undefined);
      assert.equal(await methods.whyNot("smoothquant", { format: "gguf", type: named("Q4_K_M") }), "not-for-gguf");
      for (const [choices, found] of expected) assert.deepEqual(await reasons(methods, choices), found, JSON.stringify(choices));
    });

    it("is refused for models that cannot be run, and for those without a tokenizer", async () => {
      const type: QuantizeChoices = { format: "gptq", type: named("int4-sym-g128") };
      const config = { ...checkpoint.config, architectures: ["MambaForCausalLM"] };
      const unknown = await methodsOf({ checkpoint: { ...checkpoint, config }, model: { reason: "none" } });
      assert.deepEqual(await reasons(unknown, type), ["model.unknown-part", "model.unknown-part"]);
      const bare = await methodsOf({ folder: withoutTokenizer(await folderOf(sample)) });
      assert.deepEqual(await reasons(bare, type), ["no-tokenizer", "no-tokenizer"]);
    });
  });

  it("is refused where something is missing", () => {
    assert.throws(() => requestOf({ format: "gguf", type: named("Q4_0") }, model), { code: "usage" });
    assert.throws(() => requestOf({ format: "gguf", out: "x", type: named("Q4_0"), scope: "overrides", overrides: "attn" }, model), {
      code: "bad-override",
    });
  });

  it("is offered with exactly the size it gets, and with the reason where it cannot be had", async () => {
    const options = typeOptions("gguf", checkpoint, model, reasonText);
    assert.deepEqual(
      options.map(({ name }) => name),
      fileTypes.map(({ name }) => name),
    );
    for (const option of options.filter(({ needsImportance }) => !needsImportance)) {
      const { plan } = await planOf({ type: named(option.name), scope: "recipe" });
      assert.equal(option.bytes, plan.bytes, option.name);
    }
    assert.equal(options.find(({ name }) => name === "IQ1_S")?.needsImportance, true);
    const forOllama = typeOptions("ollama", checkpoint, model, reasonText);
    assert.match(forOllama.find(({ name }) => name === "IQ4_XS")?.reason ?? "", /Ollama/);
    assert.equal(forOllama.find(({ name }) => name === "Q4_K_M")?.reason, undefined);
    const scheme = typeOptions("safetensors", checkpoint, model, reasonText).find(({ name }) => name === "nf4");
    assert.ok(scheme?.bytes !== undefined && scheme.bytes < 5e6);
    for (const { id, types } of loaderFormats) {
      const offered = typeOptions(id, checkpoint, undefined, reasonText);
      assert.deepEqual(
        [...types],
        offered.map(({ name }) => name),
      );
      for (const { name, bytes, reason } of offered) {
        const { plan } = await planOf({ format: id, type: named(name) });
        assert.equal(reason, undefined, `${id} ${name}`);
        assert.equal(
          bytes,
          plan.files.reduce((sum, { layout }) => sum + layout.bytes, 0),
          `${id} ${name}`,
        );
      }
    }
  });

  it("is shown before it is written, with what will be replaced and what stands in the way", async () => {
    const setting = settingOf("Q2_K_S");
    const weights = path.join(sample, "model.safetensors");
    const refused = await preflightPicture(checkpoint, await planOf({ type: named("Q2_K_S"), out: weights }), setting);
    const calibrated = { ...setting, facts: ["GPTQ on a text."], refusal: "too large" };
    const tooLarge = await preflightPicture(checkpoint, await planOf({ type: named("Q4_0") }), calibrated);
    assert.deepEqual([tooLarge.facts, tooLarge.refusal, refused.facts], [["GPTQ on a text."], "too large", []]);
    assert.match(refused.refusal ?? "", /importance matrix/);
    assert.deepEqual(refused.replaced, [weights]);
    assert.deepEqual(
      (await preflightPicture(checkpoint, await planOf({ type: named("Q4_0"), out: weights }), { ...setting, agreed: weights })).replaced,
      [],
    );
    const overItself = await preflightPicture(checkpoint, await planOf({ type: named("Q4_0"), out: weights }), setting);
    assert.match(overItself.refusal ?? "", /would be overwritten/);
    assert.ok((refused.freeBytes ?? 0) > 0);
    const text = {
      title: (name: string, type: string) => `${name} as ${type}`,
      size: (bytes: string, bits: string) => `${bytes}, ${bits}`,
      columns: ["Tensor", "Rule", "From", "To", "Bytes"],
    };
    const document = preflightMarkdown(refused, numbers, text).split("\n");
    assert.equal(document[0], "# model.safetensors as Q2\\_K\\_S");
    assert.equal(document.filter((line) => line.startsWith("| ")).length, refused.rows.length + 2);
    assert.ok(document.includes("| output.weight | output matrix | BF16 | Q6_K | 430,080 |"));
  });

  it("says so where the weights are quantized already, and lets the user decide", async () => {
    const { plan } = await planOf({ type: named("Q8_0"), scope: "recipe" });
    const twice = {
      ...plan,
      tensors: plan.tensors.map((tensor) => ({ ...tensor, type: "Q4_0", source: { ...tensor.source, dtype: "Q8_0" } })),
    };
    const fileType = fileTypes.find(({ name }) => name === "Q4_0");
    const setting = settingOf("Q4_0");
    const warnings = [{ code: "packedZeros", values: [] }] as const;
    const shown = await preflightPicture(checkpoint, { plan: twice, fileType, notes: ["a note"], warnings }, setting);
    assert.deepEqual([shown.refusal, shown.notes], [undefined, ["again", "a note", loaderWarningText(warnings[0]!)]]);
  });
});

describe("quantize: progress", () => {
  it("says speed and time left once they are no guesses", () => {
    assert.deepEqual(writeProgress(0, 0, 5000, numbers), { percent: 0 });
    assert.deepEqual(writeProgress(50, 100, 500, numbers), { percent: 50 });
    assert.deepEqual(writeProgress(2.5e8, 1e9, 2000, numbers), { percent: 25, speed: "125 MB/s", left: "6 s" });
    assert.equal(writeProgress(1e9, 1e12, 10_000, numbers).left, "2 h 47 min");
    assert.equal(writeProgress(1e9, 2e9, 120_000, numbers).left, "2 min");
    assert.deepEqual(writeProgress(3, 2, 2000, numbers), { percent: 100, speed: "2 B/s", left: "0 s" });
  });
});
