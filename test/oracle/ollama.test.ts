import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { chatFormats } from "../../src/core/export/chatTemplates";
import { modelfile } from "../../src/core/export/ollama";
import { cliJson } from "../support/cli";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");

/** The executable named by `OLLAMA`, or one on the path. */
function findOllama(): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, "ollama"));
  return [process.env.OLLAMA, ...folders].find((file) => file !== undefined && file !== "" && existsSync(file));
}

/** A port of this machine that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

describe("export to a real Ollama", function () {
  this.timeout(600_000);
  const at = temporaryFolder();
  let ollama: string;
  let server: ChildProcess | undefined;
  let environment: NodeJS.ProcessEnv;
  let address: string;

  before(async function () {
    const found = findOllama();
    if (found === undefined) {
      console.log("      skipped: there is no ollama executable (PATH or OLLAMA)");
      return this.skip();
    }
    ollama = found;
    address = `127.0.0.1:${await freePort()}`;
    environment = { ...process.env, OLLAMA_HOST: address, OLLAMA_MODELS: at("models"), HOME: at() };
    server = spawn(ollama, ["serve"], { env: environment, stdio: "ignore" });
    for (let attempt = 0; attempt < 300; attempt++) {
      if (
        await fetch(`http://${address}/`).then(
          (answer) => answer.ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail("ollama serve does not answer");
  });
  after(async () => {
    if (!server) return;
    const ended = new Promise((resolve) => server!.once("close", resolve));
    server.kill();
    await ended;
  });

  it("creates, shows and runs the model", async () => {
    const out = at("tiny.gguf");
    const written = await cliJson<{ modelfile: string }>("quantize", sample, "--to", "ollama", "--type", "Q4_K_M", "--out", out);
    execFileSync(ollama, ["create", "tiny", "-f", written.modelfile], { env: environment, stdio: "ignore" });
    const shown = execFileSync(ollama, ["show", "tiny"], { env: environment, encoding: "utf8" });
    assert.match(shown, /architecture\s+llama/);
    assert.match(shown, /quantization\s+Q4_K_M/);
    const request = {
      model: "tiny",
      prompt: "And the LORD said unto Moses,",
      raw: true,
      stream: false,
      options: { temperature: 0, repeat_penalty: 1, num_predict: 8 },
    };
    const answer = await fetch(`http://${address}/api/generate`, { method: "POST", body: JSON.stringify(request) });
    const { response } = (await answer.json()) as { response?: string };
    assert.equal(response, " Go up unto the children of Israel");
  });

  it("takes the template and stop words of every conversation format", async () => {
    await cliJson("quantize", sample, "--to", "gguf", "--type", "Q8_0", "--out", at("chat.gguf"));
    for (const { id, marks, template, stop } of chatFormats) {
      writeFileSync(at("Modelfile"), modelfile({ gguf: "chat.gguf", chatTemplate: marks.join(" "), parameters: { num_ctx: 128 } }));
      execFileSync(ollama, ["create", id, "-f", at("Modelfile")], { env: environment, stdio: "ignore" });
      const answer = await fetch(`http://${address}/api/show`, { method: "POST", body: JSON.stringify({ model: id }) });
      const shown = (await answer.json()) as { template: string; parameters: string };
      assert.equal(shown.template, template, id);
      for (const word of stop) assert.ok(shown.parameters.includes(JSON.stringify(word)), `${id}: ${word} in ${shown.parameters}`);
      const messages = [{ role: "user", content: "Who is there?" }];
      const chat = { model: id, messages, stream: false, options: { temperature: 0, num_predict: 2 } };
      const reply = await fetch(`http://${address}/api/chat`, { method: "POST", body: JSON.stringify(chat) });
      assert.equal(reply.status, 200, id);
    }
  });
});
