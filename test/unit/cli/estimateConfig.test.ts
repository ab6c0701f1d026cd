import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { cliJson, runCli } from "../../support/cli";
import { temporaryFolder } from "../../support/temporaryFolder";

interface Document {
  parameters: number;
  kvCacheUnknown?: string;
  uncounted?: string[];
  rows: { kvCacheBytes: number | null; totalBytes: number; bytes: number; fits?: boolean }[];
}

const small = {
  ...{ model_type: "qwen2", num_hidden_layers: 2, hidden_size: 256, num_attention_heads: 4, num_key_value_heads: 2 },
  ...{ intermediate_size: 512, vocab_size: 1024 },
};
/** Every second layer is linear attention. */
const linear = { ...small, layer_types: ["full_attention", "linear_attention"] };
const asked = ["--types", "q8_0", "--context", "1000"];

describe("estimate of a config.json", () => {
  const at = temporaryFolder();

  it("takes one of any name, and a folder that has it and no weights", async () => {
    mkdirSync(at("folder"));
    for (const file of ["folder/config.json", "small.json"]) writeFileSync(at(file), JSON.stringify(small));
    for (const what of ["folder", "folder/config.json", "small.json"]) {
      const { rows, ...rest } = await cliJson<Document>("estimate", at(what), ...asked);
      // 2 layers of 2 heads of 64, key and value, 2 bytes, 1000 tokens.
      assert.equal(rows[0]!.kvCacheBytes, 2 * 2 * 64 * 2 * 2 * 1000, what);
      assert.deepEqual(Object.keys(rest), ["parameters"]);
    }
  });

  it("says why a cache is not known, and promises no more than that the weights fit", async () => {
    writeFileSync(at("linear.json"), JSON.stringify(linear));
    const { kvCacheUnknown, rows } = await cliJson<Document>("estimate", at("linear.json"), ...asked);
    assert.match(kvCacheUnknown!, /keep a state of fixed size/);
    assert.deepEqual([rows[0]!.kvCacheBytes, rows[0]!.totalBytes], [null, rows[0]!.bytes]);
    const { stdout } = await runCli(["estimate", at("linear.json"), ...asked, "--memory", "1"]);
    assert.match(stdout, /^KV cache: Not known: some layers keep a state/m);
    assert.match(stdout, /Q8_0 .* \? +weights/);
    // Nobody asked for a cache.
    const { stdout: short } = await runCli(["estimate", at("linear.json"), "--types", "q8_0"]);
    assert.doesNotMatch(short, /Not known/);
  });

  it("says which parts of a model it does not count", async () => {
    writeFileSync(at("nested.json"), JSON.stringify({ model_type: "llava", text_config: small, vision_config: {} }));
    assert.deepEqual((await cliJson<Document>("estimate", at("nested.json"))).uncounted, ["vision_config"]);
    assert.match((await runCli(["estimate", at("nested.json")])).stdout, /^not counted: vision_config$/m);
  });

  it("names the number that cannot be", async () => {
    writeFileSync(at("text.json"), JSON.stringify({ ...small, num_key_value_heads: "2" }));
    const { code, stderr } = await runCli(["estimate", at("text.json")]);
    assert.equal(code, 2);
    assert.match(stderr, /num_key_value_heads is "2" in the config.json/);
  });
});
