import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliJson, runCli } from "../../support/cli";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { tiny, tinyConfig, tinyTensors } from "../../support/tinyModel";

interface LogitsDocument {
  logits: number[];
  nll: number | null;
  layers: { name: string; rms: number }[];
}

describe("the commands that run a model", () => {
  const at = temporaryFolder();
  let model = "";

  before(() => {
    model = at("model");
    mkdirSync(model);
    writeFileSync(path.join(model, "model.safetensors"), writeSafetensors(tinyTensors()));
    writeFileSync(path.join(model, "config.json"), JSON.stringify(tinyConfig));
    writeFileSync(at("ids.json"), JSON.stringify(Array.from({ length: 100 }, (_, i) => (i * 7) % tiny.vocabulary)));
  });

  it("logits: of the last position, with the stream after every layer, from a list or a file", async () => {
    const document = await cliJson<LogitsDocument>("logits", model, "--ids", "1,2, 3");
    assert.equal(document.logits.length, tiny.vocabulary);
    assert.ok(document.nll! > 0);
    assert.deepEqual(
      document.layers.map(({ name }) => name),
      ["embedding", "layers.0", "layers.1"],
    );
    writeFileSync(at("three.txt"), "1\n2\n3\n");
    assert.deepEqual((await cliJson<LogitsDocument>("logits", model, "--ids", at("three.txt"))).logits, document.logits);
    const { stdout } = await runCli(["logits", model, "--ids", "1 2 3"]);
    const best = document.logits.indexOf(Math.max(...document.logits));
    assert.match(stdout, new RegExp(`^ *id +logit\\n *${best} `));
  });

  it("perplexity: of ids in windows, and against the original", async () => {
    const ids = at("ids.json");
    const document = await cliJson<Record<string, unknown>>("perplexity", model, "--ids", ids, "--context", "16", "--bos", "1");
    assert.deepEqual(Object.keys(document), [
      "perplexity",
      "standardError",
      "nll",
      "tokens",
      "windows",
      "context",
      "protocol",
      "elapsedMs",
    ]);
    assert.deepEqual([document.tokens, document.windows, document.protocol], [6 * 7, 6, "llama-perplexity"]);
    const args = ["perplexity", model, "--ids", ids, "--context", "16", "--protocol", "plain", "--against", model];
    const { code, stdout } = await runCli(args);
    assert.equal(code, 0);
    assert.match(stdout, /90 tokens scored in 6 windows of 16, as plain does/);
    assert.match(stdout, /same most likely token: 100\.00 %/);
  });

  it("perplexity --types: a row for each, which --against does not go with", async () => {
    const { error } = JSON.parse(
      (await runCli(["perplexity", model, "--ids", at("ids.json"), "--types", "int8", "--against", model, "--json"])).stdout,
    ) as {
      error: { code: string };
    };
    assert.equal(error.code, "usage");
    const args = ["perplexity", model, "--ids", at("ids.json"), "--context", "16", "--types", "int8-channel,int2-channel"];
    const { types } = await cliJson<{ types: { type: string; delta: number; bytes: number }[] }>(...args);
    assert.deepEqual(
      types.map(({ type }) => type),
      ["int8-channel", "int2-channel"],
    );
    assert.ok(types[0]!.bytes > types[1]!.bytes && Math.abs(types[0]!.delta) < Math.abs(types[1]!.delta));
    assert.match((await runCli(args)).stdout, /^int2-channel +\d+\.\d{3} /m);
  });

  it("fail with 2 and say why", async () => {
    for (const [args, code] of [
      [["logits", model, "--ids", "1,two"], "io.not-found"],
      [["logits", model, "--ids", path.join(model, "config.json")], "bad-ids"],
      [["logits", model, "--ids", "99999999999"], "bad-ids"],
      [["logits", model, "--ids", "40"], "bad-id"],
      [["logits", model, "--ids", Array(33).fill(1).join()], "too-long"],
      [["logits", path.join(model, "config.json"), "--ids", "1"], "sniff.json"],
      [["perplexity", model, "--ids", "1,2,3", "--context", "16"], "too-few-ids"],
      [["perplexity", model, "--ids", at("ids.json"), "--text", at("ids.json")], "usage"],
      [["perplexity", model, "--text", at("ids.json")], "no-tokenizer"],
      [["perplexity", model, "--protocol", "other"], "usage"],
    ] as const) {
      const { code: status, stdout } = await runCli([...args, "--json"]);
      const { error } = JSON.parse(stdout) as { error: { code: string } };
      assert.deepEqual([error.code, status], [code, 2], args.join(" "));
    }
  });
});
