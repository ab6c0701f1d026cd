import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TensorStats } from "../../src/core/measure/reports";
import type { FormatId } from "../../src/core/tensor/checkpoint";
import { openPath } from "../../src/io/openPath";
import { type InspectReport, inspectReport } from "../../src/jobs/inspect";
import { type FixtureFile, type FixtureTensor, sha256 } from "../support/fixtureIndex";
import { figureMismatches } from "../support/fixtureFigures";
import { expectedDType } from "../support/fixtureTypes";
import { provideBuiltHdf5 } from "../support/hdf5";
import { cliJson, runCli } from "../support/cli";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";
import { engineOf, quiet } from "../unit/jobs/harness";

/** The format we read a reference format as. */
const readAs: Readonly<Record<string, FormatId>> = { pytorch: "torch", npy: "numpy", npz: "numpy" };

/** The code with which a file is refused that its own library refuses as well. */
function refusalCode({ format, bigEndian }: FixtureFile): string {
  if (bigEndian) return "gguf.big-endian";
  // Three letters of text under the name of a checkpoint.
  return format === "pytorch" ? "sniff.text" : "numpy.object-array";
}

interface Row {
  path: string;
  tensors: number;
  mismatches: string[];
}

/**
 * What `inspect` and `stats` say of the file itself, where opening it opens all parts, against what the file's own
 * library says. Weights that ONNX keeps in files of data are its own.
 */
function compare(file: FixtureFile, report: InspectReport, stats: ReadonlyMap<string, TensorStats>): string[] {
  const expected = file.tensors ?? [];
  const place = report.files.findIndex((part) => path.basename(part.path) === path.basename(file.path));
  const own = new Map(
    report.tensors.filter((tensor) => file.format === "onnx" || tensor.file === place).map((tensor) => [tensor.name, tensor]),
  );
  const names = new Set(expected.map(({ name }) => name));
  const format = readAs[file.format] ?? file.format;
  return [
    ...(report.format === format ? [] : [`format ${report.format}`]),
    ...(report.files[place]?.bytes === file.bytes ? [] : ["file size"]),
    ...[...own.keys()].filter((name) => !names.has(name)).map((name) => `${name}: not in the file`),
    ...expected.flatMap((tensor) => tensorMismatches(tensor, own.get(tensor.name), stats.get(tensor.name))),
  ];
}

function tensorMismatches(expected: FixtureTensor, found: InspectReport["tensors"][number] | undefined, stats?: TensorStats): string[] {
  const { name, shape } = expected;
  if (!found) return [`${name}: missing`];
  const dtype = expectedDType(expected);
  return [
    ...(found.dtype === dtype ? [] : [`${name}: ${found.dtype}, not ${dtype}`]),
    ...(found.shape.join() === (shape ?? [0]).join() ? [] : [`${name}: shape ${found.shape.join()}`]),
    ...(expected.compression === "lzf" ? [] : figureMismatches(stats, expected, name)),
  ];
}

function print(rows: readonly Row[]): void {
  for (const { path: name, tensors, mismatches } of rows) console.log(`      ${name}  ${tensors}  ${mismatches.length}`);
  const tensors = rows.reduce((sum, row) => sum + row.tensors, 0);
  const mismatches = rows.reduce((sum, row) => sum + row.mismatches.length, 0);
  console.log(`      ${rows.length} files, ${tensors} tensors, ${mismatches} mismatches`);
}

describe("`inspect` and `stats` against the libraries that wrote the files", function () {
  this.timeout(120_000);
  const engine = engineOf();
  before(provideBuiltHdf5);

  function fixtures(test: Mocha.Context): { root: string; files: FixtureFile[] } {
    const index = sharedOrSkip(test, "fixtures/index.json");
    const { files } = JSON.parse(readFileSync(index, "utf8")) as { files: FixtureFile[] };
    return { root: path.dirname(index), files: files.filter(({ format }) => format !== "other") };
  }

  const isRefused = ({ refused, bigEndian }: FixtureFile): boolean => (refused ?? false) || (bigEndian ?? false);

  it("agrees on every tensor: file, tensors, mismatches", async function () {
    const { root, files } = fixtures(this);
    const rows: Row[] = [];
    for (const file of files) {
      if (isRefused(file)) continue;
      const checkpoint = await openPath(path.join(root, file.path));
      const { tensors } = await engine().stats({ checkpoint }, quiet());
      const mismatches = compare(file, await inspectReport(checkpoint), new Map(tensors.map((stats) => [stats.name, stats])));
      rows.push({ path: file.path, tensors: file.tensors?.length ?? 0, mismatches });
      await checkpoint.close();
    }
    print(rows);
    assert.ok(rows.length >= 190);
    assert.deepEqual(
      rows.flatMap((row) => row.mismatches.map((mismatch) => `${row.path}: ${mismatch}`)),
      [],
    );
  });

  it("refuses what those libraries refuse, with exit status 2 and a code", async function () {
    const { root, files } = fixtures(this);
    const refused = files.filter(isRefused);
    assert.ok(refused.length >= 4);
    for (const file of refused) {
      for (const command of ["inspect", "stats"]) {
        const { code, stdout } = await runCli([command, path.join(root, file.path), "--json"]);
        const { error } = JSON.parse(stdout) as { error: Record<"code" | "file" | "expected" | "found" | "hint", string | null> };
        assert.deepEqual([code, error.code], [2, refusalCode(file)], file.path);
        assert.ok(error.file && error.expected && error.found && error.hint, stdout);
      }
      console.log(`      ${file.path}  ${refusalCode(file)}`);
    }
  });

  it("prints the same through the command line", async function () {
    const { root, files } = fixtures(this);
    const seen = new Set<string>();
    for (const file of files) {
      if (isRefused(file) || seen.has(file.format) || !file.tensors?.length) continue;
      seen.add(file.format);
      const full = path.join(root, file.path);
      const [report, { tensors }] = [
        await cliJson<InspectReport>("inspect", full),
        await cliJson<{ tensors: TensorStats[] }>("stats", full),
      ];
      assert.deepEqual(compare(file, report, new Map(tensors.map((stats) => [stats.name, stats]))), [], file.path);
    }
    assert.ok(seen.size >= 9, [...seen].join());
  });
});

interface Layer {
  shape: number[];
  sha256: string;
}

describe("`values --out` of packed weights against the libraries that packed them", function () {
  this.timeout(180_000);
  const at = temporaryFolder();

  it("writes the values that the library decodes, of three layers a checkpoint", async function () {
    const index = sharedOrSkip(this, "fixtures/quantized/index.json");
    const { checkpoints } = JSON.parse(readFileSync(index, "utf8")) as { checkpoints: Record<string, { layers?: Record<string, Layer> }> };
    let compared = 0;
    for (const [name, { layers }] of Object.entries(checkpoints)) {
      const folder = path.join(path.dirname(index), name);
      const file = ["model.safetensors", "qmodel.pt"].map((candidate) => path.join(folder, candidate)).find(existsSync);
      const entries = Object.entries(layers ?? {});
      if (!file || entries.length === 0) continue;
      for (const [layer, { shape, sha256: hash }] of [entries[0]!, entries[Math.floor(entries.length / 2)]!, entries.at(-1)!]) {
        const out = at(`${name}.npy`);
        const { code, stderr } = await runCli(["values", file, "--tensor", `${layer}.weight`, "--out", out]);
        assert.equal(code, 0, `${name} ${layer}: ${stderr}`);
        const content = readFileSync(out);
        const header = content.subarray(10, 10 + content.readUInt16LE(8)).toString("latin1");
        assert.ok(header.includes(`(${shape.join(", ")})`), `${name} ${layer}: ${header}`);
        assert.equal(
          sha256(content.subarray(content.length - 4 * shape.reduce((product, count) => product * count, 1))),
          hash,
          `${name} ${layer}`,
        );
        compared++;
      }
    }
    console.log(`      ${compared} layers of ${Object.keys(checkpoints).length} checkpoints, 0 mismatches`);
    assert.ok(compared >= 3 * 18);
  });
});
