import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliFile, runCli } from "../support/cli";
import { randomFrom, sample } from "../support/distributions";
import { ggufString, writeGguf } from "../support/ggufWriter";
import { temporaryFolder } from "../support/temporaryFolder";

const kills = 50;
const columns = 1024;

describe("`quantize`, killed at random moments", function () {
  this.timeout(300_000);
  const at = temporaryFolder();
  const folder = (): string => at("out");
  const target = (): string => path.join(folder(), "model.gguf");
  const args = (): string[] => ["quantize", at("input.gguf"), "--to", "gguf", "--type", "Q4_K_M", "--out", target(), "--threads", "2"];
  let whole: Buffer;
  let runMs: number;

  before(async () => {
    const tensors = Array.from({ length: 8 }, (_, layer) => {
      const values = sample("normal", 512 * columns, layer);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      return { name: `blk.${layer}.ffn_down.weight`, type: 0, ne: [columns, 512], bytes };
    });
    writeFileSync(at("input.gguf"), writeGguf({ metadata: [["general.architecture", ggufString("llama")]], tensors }));
    mkdirSync(folder());
    const startedAt = performance.now();
    const { code, stderr } = await runCli(args());
    assert.equal(code, 0, stderr);
    runMs = performance.now() - startedAt;
    whole = readFileSync(target());
  });

  async function killAfter(ms: number): Promise<void> {
    const child = spawn(process.execPath, [cliFile, ...args()], { stdio: "ignore" });
    const timer = setTimeout(() => child.kill("SIGKILL"), ms);
    await new Promise((resolve) => child.once("close", resolve));
    clearTimeout(timer);
  }

  it(`leaves the old file or the whole new one, ${kills} times, and the next run cleans up`, async () => {
    const random = randomFrom(2026);
    const counts = { old: 0, new: 0, litter: 0 };
    for (let run = 0; run < kills; run++) {
      const old = Buffer.from(`old ${run}`);
      writeFileSync(target(), old);
      await killAfter(runMs * 1.1 * random());
      const found = readFileSync(target());
      assert.ok(found.equals(old) || found.equals(whole), `${found.length} bytes after run ${run}`);
      counts[found.equals(old) ? "old" : "new"]++;
      counts.litter = Math.max(counts.litter, readdirSync(folder()).length - 1);
    }
    console.log(`      ${counts.old} times the old file, ${counts.new} times the new one`);
    assert.ok(counts.old > 0 && counts.litter > 0, "no run was killed while it was writing");
    const { code } = await runCli(args());
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(folder()), ["model.gguf"]);
    assert.ok(readFileSync(target()).equals(whole));
  });

  it("leaves the old file and nothing else on a full disk, and says so", async () => {
    writeFileSync(target(), "old");
    const limited = spawnSync("bash", ["-c", 'ulimit -f 2000; exec "$@"', "bash", process.execPath, cliFile, ...args(), "--json"], {
      encoding: "utf8",
    });
    assert.equal(limited.status, 1, limited.stdout + limited.stderr);
    assert.equal((JSON.parse(limited.stdout) as { error: { code: string } }).error.code, "io.no-space");
    assert.deepEqual(readdirSync(folder()), ["model.gguf"]);
    assert.equal(readFileSync(target(), "utf8"), "old");
  });

  it("leaves nothing when it is interrupted", async () => {
    writeFileSync(target(), "old");
    // Once it writes: before its handler stands, an interrupt ends Node itself.
    const { code } = await runCli(args(), { interruptOnce: () => readdirSync(folder()).length > 1 });
    assert.ok(code === 130 || code === 0, String(code));
    assert.deepEqual(readdirSync(folder()), ["model.gguf"]);
    assert.ok(existsSync(target()));
    if (code === 130) assert.equal(readFileSync(target(), "utf8"), "old");
  });
});
