import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { openModel } from "../../../src/core/convert/openModel";
import { FormatError, UsageError } from "../../../src/core/errors";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import { fileTypeOf, parseOverride } from "../../../src/core/recipe/overrides";
import { planGguf, type PlanOptions, type WritePlan } from "../../../src/core/recipe/preflight";
import { reasonText } from "../../../src/core/recipe/reasons";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { folderOf, openPath } from "../../../src/io/openPath";
import type { QuantizeInput, QuantizeReport } from "../../../src/jobs/quantizeJob";
import { sample } from "../../support/distributions";
import { ggufString, writeGguf, type WrittenGgufTensor } from "../../support/ggufWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { engineOf, quiet } from "./harness";

const columns = 512;

function floats(name: string, ne: number[], values: Float32Array): WrittenGgufTensor {
  return { name, type: 0, ne, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

function quantized(id: string, values: Float32Array, importance?: Float32Array): Uint8Array {
  const scheme = findScheme(id);
  assert.ok(isByteScheme(scheme));
  const bytes = new Uint8Array(scheme.bytes([values.length / columns, columns]));
  scheme.quantizeRows(values, columns, bytes, importance);
  return bytes;
}

describe("writing a quantized checkpoint", () => {
  const engine = engineOf();
  const at = temporaryFolder();
  let count = 0;
  let folder: string;
  const weights = sample("normal", 64 * columns, 7);

  beforeEach(() => {
    folder = at(`case${count++}`);
    mkdirSync(folder);
  });

  const input = (): string => `${folder}/in.gguf`;
  const out = (): string => `${folder}/out.gguf`;

  function write(tensors: WrittenGgufTensor[] = [floats("blk.0.ffn_up.weight", [columns, 64], weights)]): void {
    writeFileSync(input(), writeGguf({ metadata: [["general.architecture", ggufString("llama")]], tensors }));
  }

  async function plan(type: string, options: Partial<PlanOptions> = {}): Promise<{ checkpoint: Checkpoint; plan: WritePlan }> {
    const checkpoint = await openPath(input());
    const model = await openModel(checkpoint, await folderOf(input()));
    return { checkpoint, plan: planGguf(model, out(), { fileType: fileTypeOf(type), ...options }) };
  }

  async function run(
    type: string,
    options: Partial<PlanOptions> = {},
    more: Partial<QuantizeInput> = {},
  ): Promise<WritePlan & Pick<QuantizeReport, "coarse">> {
    const made = await plan(type, options);
    try {
      const { coarse } = await engine().quantize({ ...made, ...more }, quiet());
      return { ...made.plan, coarse };
    } finally {
      await made.checkpoint.close();
    }
  }

  async function bytesOf(path: string, name: string): Promise<Uint8Array> {
    const checkpoint = await openPath(path);
    const info = checkpoint.tensors.find((tensor) => tensor.name === name)!;
    const bytes = new Uint8Array(info.bytes);
    await checkpoint.files[info.file]!.file!.read(info.offset, bytes);
    assert.deepEqual(checkpoint.warnings, []);
    await checkpoint.close();
    return bytes;
  }

  it("writes what the schemes make of every row, and a file that is exactly as large as planned", async () => {
    write();
    const { bytes } = await run("Q5_1");
    assert.deepEqual(await bytesOf(out(), "blk.0.ffn_up.weight"), quantized("Q5_1", weights));
    assert.equal(readFileSync(out()).length, bytes);
    assert.deepEqual(readdirSync(folder).sort(), ["in.gguf", "out.gguf"]);
  });

  it("gives each stacked matrix its own weights", async () => {
    write([floats("blk.0.ffn_up_exps.weight", [columns, 32, 2], weights)]);
    const importance = sample("normal", 2 * columns, 9).map((value) => value * value + 0.01);
    await run("Q4_0", { importance: true }, { importance: () => importance });
    const half = weights.length / 2;
    const parts = [0, 1].map((matrix) =>
      quantized("Q4_0", weights.slice(matrix * half, (matrix + 1) * half), importance.slice(matrix * columns, (matrix + 1) * columns)),
    );
    assert.deepEqual(await bytesOf(out(), "blk.0.ffn_up_exps.weight"), new Uint8Array(Buffer.concat(parts)));
  });

  it("refuses an importance matrix of another model, before anything is written", async () => {
    write();
    const other = { importance: () => new Float32Array(7) };
    await assert.rejects(run("Q4_0", {}, other), (error) => error instanceof UsageError && error.code === "bad-importance");
    assert.ok(!existsSync(out()));
  });

  for (const [value, name] of [
    [NaN, "blk.0.ffn_up.weight"],
    [-Infinity, "output_norm.weight"],
  ] as const) {
    it(`refuses ${value} and names the tensor and the place`, async () => {
      writeFileSync(out(), "old");
      const bad = weights.slice();
      bad[12_345] = value;
      write([floats(name, [columns, 64], bad)]);
      await assert.rejects(run("Q8_0"), (error) => {
        assert.ok(error instanceof FormatError);
        assert.deepEqual([error.code, error.fields.tensor], ["quantize.not-finite", name]);
        assert.match(error.message, /12345/);
        return true;
      });
      assert.equal(readFileSync(out(), "utf8"), "old");
      assert.deepEqual(readdirSync(folder).sort(), ["in.gguf", "out.gguf"]);
    });
  }

  it("refuses values whose scale half precision cannot hold", async () => {
    const large = weights.slice();
    large[20_000] = 1e9;
    write([floats("blk.0.ffn_up.weight", [columns, 64], large)]);
    for (const type of ["Q8_0", "Q4_K_M", "F16"]) {
      await assert.rejects(run(type), (error) => error instanceof FormatError && error.code === "quantize.overflow");
    }
    await run("BF16");
  });

  it("refuses values of which a type would make zeros for want of a larger scale", async () => {
    const large = weights.slice().fill(3e38, 0, 256);
    write([floats("blk.0.ffn_up.weight", [columns, 64], large)]);
    for (const type of ["Q6_K", "Q4_K_M", "Q2_K"]) {
      await assert.rejects(run(type), (error) => error instanceof FormatError && error.code === "quantize.overflow", type);
    }
  });

  it("reports values that are too small for a type, by tensor and index", async () => {
    const small = weights.slice().fill(1e-12, 512, 1024);
    small[513] = -2e-12;
    small[769] = 3e-12;
    write([floats("blk.0.ffn_up.weight", [columns, 64], small)]);
    const blocks = { Q6_K: 2, Q8_0: 16 };
    for (const [type, count] of Object.entries(blocks)) {
      const { coarse } = await run(type);
      assert.deepEqual(coarse, [{ tensor: "blk.0.ffn_up.weight", type, blocks: count, first: 512 }]);
    }
    assert.deepEqual((await run("BF16")).coarse, []);
  });

  it("refuses an input that changes while it is read", async () => {
    write();
    const made = await plan("Q8_0");
    const importance = (): undefined => {
      appendFileSync(input(), "more");
    };
    await assert.rejects(
      engine().quantize({ ...made, importance }, quiet()),
      (error) => error instanceof FormatError && error.code === "io.changed" && error.fields.file === "in.gguf",
    );
    assert.deepEqual(readdirSync(folder), ["in.gguf"]);
    await made.checkpoint.close();
  });

  it("does not write over its own input", async () => {
    write();
    const made = await plan("Q8_0");
    const model = await openModel(made.checkpoint, await folderOf(input()));
    const onto = planGguf(model, input(), { fileType: fileTypeOf("Q8_0") });
    await assert.rejects(
      engine().quantize({ ...made, plan: onto }, quiet()),
      (error) => error instanceof UsageError && error.code === "output-is-input",
    );
    await made.checkpoint.close();
  });

  it("splits its output into files that open as one checkpoint", async () => {
    const tensors = Array.from({ length: 5 }, (_, layer) => floats(`blk.${layer}.ffn_up.weight`, [columns, 64], weights));
    write(tensors);
    const size = 34 * (weights.length / 32);
    const made = await run("Q8_0", { splitBytes: 2 * size });
    assert.deepEqual(
      made.files.map(({ name, tensors: some }) => [name.slice(folder.length + 1), some.length]),
      [
        ["out-00001-of-00003.gguf", 2],
        ["out-00002-of-00003.gguf", 2],
        ["out-00003-of-00003.gguf", 1],
      ],
    );
    for (const { name } of tensors) assert.deepEqual(await bytesOf(made.files[1]!.name, String(name)), quantized("Q8_0", weights));
  });

  it("says why each tensor has its type, and what a fallback costs", async () => {
    const narrow = sample("normal", 32 * 96, 3);
    write([
      floats("blk.0.attn_q.weight", [96, 32], narrow),
      floats("blk.0.ffn_up.weight", [columns, 64], weights),
      floats("output_norm.weight", [96], narrow.slice(0, 96)),
    ]);
    const { plan: made, checkpoint } = await plan("Q4_K_M", { overrides: [parseOverride("FFN_UP=q6_K")] });
    const byName = new Map(made.tensors.map((tensor) => [tensor.name, tensor]));
    const query = byName.get("blk.0.attn_q.weight")!;
    assert.deepEqual([query.type, query.fallback], ["Q5_0", { wanted: "Q4_K", extraBytes: 96 * 22 - (96 * 32 * 144) / 256 }]);
    assert.equal(reasonText(byName.get("blk.0.ffn_up.weight")!.reason), "override FFN_UP=q6_K");
    assert.equal(byName.get("output_norm.weight")!.type, "F32");
    await checkpoint.close();
  });
});
