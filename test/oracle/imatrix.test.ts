import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findFileType } from "../../src/core/recipe/fileTypes";
import { openPath } from "../../src/io/openPath";
import { type ImportanceMatrix, loadImportance } from "../../src/jobs/importanceMatrix";
import { cliJson } from "../support/cli";
import { llamaOrSkip } from "../support/llama";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const tolerance = 1e-3;

describe("importance matrices of the sample against transformers, and in llama.cpp", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();

  async function load(file: string): Promise<ImportanceMatrix> {
    const opened = await openPath(file);
    try {
      return await loadImportance(opened);
    } finally {
      await opened.close();
    }
  }

  for (const [source, kind] of [
    ["sample/hf", "dat"],
    ["sample/gguf/model-f16.gguf", "gguf"],
  ] as const) {
    it(`from ${source}, written as .${kind}`, async function () {
      const reference = JSON.parse(readFileSync(sharedOrSkip(this, "sample/imatrix.json"), "utf8")) as {
        windows: number;
        rows: number;
        values: Record<string, number[]>;
      };
      const out = folder(`imatrix.${kind}`);
      const report = await cliJson<{ chunks: number; tokens: number; entries: number; out: string }>(
        ...["imatrix", sharedOrSkip(this, source), "--text", sharedOrSkip(this, "sample/calibration.txt"), "--out", out],
      );
      const weights = Object.entries(reference.values);
      assert.deepEqual(
        [report.chunks, report.tokens, report.entries, report.out],
        [reference.windows, reference.rows, weights.length, out],
      );
      const matrix = await load(out);
      for (const [name, expected] of weights) {
        const found = matrix.byGgufName(name)!;
        assert.equal(found.length, expected.length);
        expected.forEach((value, i) =>
          assert(Math.abs(found[i]! - value) <= tolerance * value, `${name} ${i}: ${found[i]}, expected ${value}`),
        );
      }
    });
  }

  it("are llama.cpp's own on the same text", async function () {
    const llama = llamaOrSkip(this);
    const source = sharedOrSkip(this, "sample/gguf/model-f16.gguf");
    const text = sharedOrSkip(this, "sample/calibration.txt");
    const chunks = 8;
    const context = 256;
    const sums = new Map<string, { squares: Float32Array; rows: number }>();
    const model = llama.load(source, context, {
      onInputs: (name, values, columns) => {
        const entry = sums.get(name) ?? { squares: new Float32Array(columns), rows: 0 };
        for (let i = 0; i < values.length; i++) entry.squares[i % columns]! += values[i]! * values[i]!;
        entry.rows += values.length / columns;
        sums.set(name, entry);
      },
    });
    const ids = model.tokenize(readFileSync(text, "utf8"), true);
    for (let chunk = 0; chunk < chunks; chunk++) model.logits([1, ...ids.slice(chunk * context + 1, (chunk + 1) * context)]);
    model.close();
    const out = folder("own.gguf");
    await cliJson("imatrix", source, "--text", text, "--samples", String(chunks), "--context", String(context), "--out", out);
    const matrix = await load(out);
    assert.deepEqual([matrix.entries, matrix.chunks], [sums.size, chunks]);
    for (const [name, { squares, rows }] of sums) {
      assert.equal(rows, chunks * context);
      const found = matrix.byGgufName(name)!;
      squares.forEach((square, i) =>
        assert(Math.abs(found[i]! - square / rows) <= (tolerance * square) / rows, `${name} ${i}: ${found[i]}, expected ${square / rows}`),
      );
    }
  });

  for (const kind of ["dat", "gguf"]) {
    it(`are taken by \`quantize\` and by the real llama-quantize, with the same bytes: .${kind}`, async function () {
      const llama = llamaOrSkip(this);
      const source = sharedOrSkip(this, "sample/gguf/model-f16.gguf");
      const [matrix, ours, theirs] = [folder(`${kind}.${kind}`), folder("ours.gguf"), folder("theirs.gguf")];
      await cliJson("imatrix", source, "--samples", "4", "--out", matrix);
      const importance = new Map<string, Float32Array>();
      const loaded = await load(matrix);
      for (const name of Object.keys(JSON.parse(readFileSync(sharedOrSkip(this, "sample/imatrix.json"), "utf8")).values as object)) {
        importance.set(name, loaded.byGgufName(name)!);
      }
      // A type that needs an importance matrix.
      await cliJson("quantize", source, "--to", "gguf", "--type", "IQ2_XS", "--imatrix", matrix, "--out", ours);
      assert(llama.quantize(source, theirs, { fileType: findFileType("IQ2_XS")!.id, importance }));
      await sameTensors(ours, theirs);
    });
  }

  /** Files differ in the keys that say which importance matrix was used, which the library is not told. */
  async function sameTensors(one: string, other: string): Promise<void> {
    const [a, b] = [await openPath(one), await openPath(other)];
    assert.equal(a.tensors.length, b.tensors.length);
    for (const [i, tensor] of a.tensors.entries()) {
      const twin = b.tensors[i]!;
      assert.deepEqual([tensor.name, tensor.dtype, tensor.bytes], [twin.name, twin.dtype, twin.bytes]);
      const bytes = [new Uint8Array(tensor.bytes), new Uint8Array(tensor.bytes)] as const;
      await a.files[tensor.file]!.file!.read(tensor.offset, bytes[0]);
      await b.files[twin.file]!.file!.read(twin.offset, bytes[1]);
      assert(Buffer.from(bytes[0]).equals(bytes[1]), tensor.name);
    }
    await Promise.all([a.close(), b.close()]);
  }
});
