import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../../src/core/errors";
import { findRuntime, type Surroundings } from "../../../src/jobs/onnx/findRuntime";
import { temporaryFolder } from "../../support/temporaryFolder";

describe("where ONNX Runtime is looked for", () => {
  const at = temporaryFolder();

  const install = (folder: string, name = "onnxruntime-node"): string => {
    mkdirSync(at(folder), { recursive: true });
    writeFileSync(at(folder, "package.json"), JSON.stringify({ name }));
    return at(folder);
  };
  const program = (folder: string): string => {
    mkdirSync(at(folder), { recursive: true });
    writeFileSync(at(folder, "node"), "");
    return at(folder);
  };
  const surroundings = (env: Surroundings["env"] = {}): Surroundings => ({
    env,
    platform: "linux",
    home: at("home"),
    program: at("editor", "code"),
  });
  const isMissing = (found: RegExp) => (error: unknown) =>
    error instanceof UsageError && error.code === "onnxruntime-missing" && found.test(error.fields.found!);

  it("where the user says: the package itself, beside others, or below node_modules; then nowhere else", () => {
    const inModules = install("chosen/node_modules/onnxruntime-node");
    for (const chosen of ["chosen/node_modules/onnxruntime-node", "chosen/node_modules", "chosen"]) {
      assert.equal(findRuntime(at(chosen), surroundings()), inModules);
    }
    const global = install("global/onnxruntime-node");
    const env = { NODE_PATH: path.dirname(global) };
    assert.throws(() => findRuntime(at("none"), surroundings(env)), isMissing(/^none in .*none$/));
    assert.equal(findRuntime(undefined, surroundings(env)), global);
    assert.equal(findRuntime("", surroundings(env)), global);
  });

  it("else in NODE_PATH, the prefix of npm, the user's .npmrc and beside Node, in this order", () => {
    const byPath = install("path/onnxruntime-node");
    const byPrefix = install("prefix/lib/node_modules/onnxruntime-node");
    const byFile = install("configured/lib/node_modules/onnxruntime-node");
    const byNode = install("node/lib/node_modules/onnxruntime-node");
    mkdirSync(at("home"), { recursive: true });
    writeFileSync(at("home", ".npmrc"), `registry=https://example.org\nprefix = ${at("configured")}\n`);
    const env = {
      NODE_PATH: [at("nothing"), at("path")].join(path.delimiter),
      npm_config_prefix: at("prefix"),
      PATH: [at("nothing"), program("node/bin")].join(path.delimiter),
    };
    assert.equal(findRuntime(undefined, surroundings(env)), byPath);
    assert.equal(findRuntime(undefined, surroundings({ ...env, NODE_PATH: undefined })), byPrefix);
    assert.equal(findRuntime(undefined, surroundings({ PATH: env.PATH })), byFile);
    writeFileSync(at("home", ".npmrc"), "");
    assert.equal(findRuntime(undefined, surroundings({ PATH: env.PATH })), byNode);
    assert.equal(findRuntime(undefined, { ...surroundings(), program: at("node", "bin", "node") }), byNode);
  });

  it("never in the folder that is worked in, nor by a path that depends on it", () => {
    const before = process.cwd();
    install("work/node_modules/onnxruntime-node");
    install("work/node_modules/lib/node_modules/onnxruntime-node");
    process.chdir(at("work"));
    try {
      const PATH = ["node_modules/.bin", program("work/node_modules/.bin")].join(path.delimiter);
      const env = { NODE_PATH: ["node_modules", "."].join(path.delimiter), PATH, npm_config_prefix: "node_modules" };
      assert.throws(() => findRuntime(undefined, surroundings(env)), isMissing(/^none$/));
    } finally {
      process.chdir(before);
    }
  });

  it("takes no other package of that place for it", () => {
    install("wrong/onnxruntime-node", "something-else");
    assert.throws(() => findRuntime(at("wrong"), surroundings()), isMissing(/none in/));
  });
});
