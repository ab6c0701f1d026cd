import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { findFileType } from "../../src/core/recipe/fileTypes";
import { openPath } from "../../src/io/openPath";
import { loadImportance } from "../../src/jobs/importanceMatrix";
import { runCli } from "../support/cli";
import { type Llama, llamaOrSkip } from "../support/llama";
import { llamaPerplexity } from "../support/llamaPerplexity";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");
/** Of a command, on a busy machine. */
const timeoutMs = 900_000;
const types = ["Q4_0", "Q4_K_M", "Q5_K_M", "Q3_K_M", "Q2_K", "IQ4_XS"];

/** Prints a line of the table, which is there as far as it is measured if the command is stopped. */
const line = (...cells: string[]): void => console.log(cells.map((cell) => cell.padStart(12)).join(""));

/**
 * What errors that are made up for are worth in llama.cpp's own types: files of the real llama-quantize, without and with an
 * importance matrix, against ours with the same types for every tensor, calibrated with the same text.
 */
describe("GPTQ onto the grids of llama.cpp's types, run by the real llama.cpp", function () {
  this.timeout(3 * timeoutMs);
  const at = temporaryFolder();
  const importance = new Map<string, Float32Array>();
  let llama: Llama;
  let validation: string;
  let calibration: string[];

  before(async function () {
    llama = llamaOrSkip(this);
    validation = readFileSync(sharedOrSkip(this, "sample/validation.txt"), "utf8");
    calibration = ["--text", sharedOrSkip(this, "sample/calibration.txt"), "--context", "256"];
    await quantized("F32", at("F32.gguf"));
    await command("imatrix", sample, ...calibration, "--out", at("imatrix.gguf"));
    const opened = await openPath(at("imatrix.gguf"));
    const matrix = await loadImportance(opened);
    await opened.close();
    for (const name of (await tensorsOf(at("F32.gguf"))).keys()) {
      const found = matrix.byGgufName(name);
      if (found) importance.set(name, found);
    }
    assert.equal(importance.size, 28);
    line("", "plain", "imatrix", "compensated");
  });

  async function command(...args: string[]): Promise<void> {
    const { code, stderr } = await runCli(args, { timeoutMs });
    assert.equal(code, 0, stderr);
  }

  const quantized = (type: string, out: string, ...options: string[]): Promise<void> =>
    command("quantize", sample, "--to", "gguf", "--type", type, "--out", out, ...options);

  /** Types and sizes of tensors, by name. */
  async function tensorsOf(file: string): Promise<Map<string, string>> {
    const opened = await openPath(file);
    await opened.close();
    return new Map(opened.tensors.map(({ name, dtype, bytes }) => [name, `${dtype}, ${bytes} bytes`]));
  }

  for (const type of types) {
    it(`${type}: a lower perplexity than that of llama-quantize's files, in a file like them`, async () => {
      const fileType = findFileType(type)!.id;
      const [plain, imatrix, compensated] = ["plain", "imatrix", "compensated"].map((kind) => at(`${type}-${kind}.gguf`)) as [
        string,
        string,
        string,
      ];
      assert.ok(llama.quantize(at("F32.gguf"), plain, { fileType }));
      assert.ok(llama.quantize(at("F32.gguf"), imatrix, { fileType, importance }));
      await quantized(type, compensated, "--method", "gptq", ...calibration);
      assert.deepEqual(await tensorsOf(compensated), await tensorsOf(imatrix));
      const measured = (file: string): number => llamaPerplexity(llama, file, validation);
      const row = { plain: measured(plain), imatrix: measured(imatrix), compensated: measured(compensated) };
      line(type, ...[row.plain, row.imatrix, row.compensated].map((value) => value.toFixed(3)));
      assert.ok(row.compensated < Math.min(row.plain, row.imatrix), JSON.stringify(row));
    });
  }
});
