// `npm run test:oracle:python`: our checkpoints in the hands of the libraries that have to load them. Quantizes the sample to every
// format, and has each loaded and run on the CPU by the real loader; its perplexity must be what it is known to be.
//
//   node scripts/pythonOracle.mjs [word …] [--windows N] [--list]
//
// A word chooses the cases whose names begin with it (`gptq`, `awq:int4-g64`). The first run installs the loaders into .cache:
// 6 GB. Neither `npm test` nor its layers need them. Without the reference data beside the project, nothing is run.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { at, cache } from "./lib/paths.mjs";
import { must, node, run } from "./lib/run.mjs";

/**
 * What is written, who loads it, and the perplexity it has there over all of the validation text: the unquantized sample has
 * 24.132 in float32. Rounding to nearest in groups of 128 is known to give 24.554 symmetric and 24.595 asymmetric, NF4 24.386.
 */
const known = [
  ["gptq:int4-sym-g128", "load_gptq.py", 24.554],
  ["gptq:int4-g128", "load_gptq.py", 24.595],
  ["gptq-v2:int4-g128", "load_gptq.py", 24.595],
  ["gptq:int3-sym-g128", "load_gptq.py", 26.65],
  ["gptq-v2:int2-g64", "load_gptq.py", 37.75],
  ["gptq:int8-sym-g128", "load_gptq.py", 24.139],
  ["awq:int4-g128", "load_awq.py", 24.595],
  ["bnb:nf4", "load_bnb.py", 24.386],
  ["bnb:nf4-dq", "load_bnb.py", 24.389],
  ["bnb:fp4", "load_bnb.py", 24.703],
  ["bnb:fp4-dq", "load_bnb.py", 24.706],
  ["bnb:llm-int8", "load_bnb.py", 24.131],
  ["compressed-tensors:w4a16", "load_compressed_tensors.py", 24.559],
  ["compressed-tensors:w8a16", "load_compressed_tensors.py", 24.131],
  ["compressed-tensors:w8a8", "load_compressed_tensors.py", 24.153],
  ["compressed-tensors:fp8_dynamic", "load_compressed_tensors.py", 24.217],
];
/** @type {{ name: string, script: string, perplexity: number }[]} */
const cases = known.map(([name, script, perplexity]) => ({ name: String(name), script: String(script), perplexity: Number(perplexity) }));

/** Loaders compute in half precision, some with activations in eight bits, and each in an order of its own. */
const tolerance = 0.005;
/** Of the least kernel, on a busy machine, with the compiler it runs first. */
const limitMs = 40 * 60_000;

const options = process.argv.slice(2);
const windows = (options.includes("--windows") ? options.splice(options.indexOf("--windows"), 2)[1] : undefined) ?? "0";
const words = options.filter((option) => !option.startsWith("--"));
const chosen = cases.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)));
const shared = process.env.QUANTSCOPE_SHARED ?? at("..", "shared");
const oracle = path.join(shared, "oracle");

if (options.includes("--list")) console.log(cases.map(({ name }) => name).join("\n"));
else if (!existsSync(oracle)) console.log("skipped: the reference data is not beside the project (set QUANTSCOPE_SHARED to its folder)");
else process.exitCode = await runCases();

async function runCases() {
  if (chosen.length === 0) throw new Error(`no case begins with ${words.join(", ")}; --list names them`);
  const python = await installLoaders();
  await node([at("esbuild.config.mjs")]);
  const folder = mkdtempSync(path.join(tmpdir(), "quantscope-loaders-"));
  let failed = 0;
  try {
    for (const one of chosen) if (!(await runCase(one, folder, python))) failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** A Python environment with the loaders, made once for each list of them. */
async function installLoaders() {
  const requirements = path.join(oracle, "requirements.txt");
  const wanted = ["requirements.txt", "requirements-light.txt"].map((name) => readFileSync(path.join(oracle, name), "utf8")).join("\n");
  const digest = createHash("sha256").update(wanted).digest("hex");
  const environment = cache("python-oracle");
  const stamp = path.join(environment, "requirements.sha256");
  const python = path.join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return python;
  console.log("installing the loaders: 6 GB, once");
  mkdirSync(cache(), { recursive: true });
  if (!existsSync(python)) await must("python3", ["-m", "venv", environment]);
  const install = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "-r", requirements];
  await must(python, install, { limitMs });
  writeFileSync(stamp, digest);
  return python;
}

/** @returns whether it loads and computes what it should */
async function runCase({ name, script, perplexity }, folder, python) {
  const [format, type] = name.split(":");
  const out = path.join(folder, name.replace(":", "-"));
  await node([at("dist", "cli.js"), "quantize", at("media", "sample"), "--to", format, "--type", type, "--out", out]);
  // Fewer windows have another perplexity: then only that it loads and computes finite numbers is looked at.
  const most = windows === "0" ? ["--max-perplexity", String(perplexity * (1 + tolerance))] : [];
  const { output } = await run(python, [path.join(oracle, script), out, "--windows", windows, ...most], { limitMs });
  const line = output
    .split("\n")
    .filter((text) => text.startsWith('{"ok"'))
    .at(-1);
  const answer = line === undefined ? { ok: false, error: output.trim().slice(-500) } : JSON.parse(line);
  const found = [answer.perplexity, answer.transformers].filter((value) => value !== undefined);
  const isNear = windows !== "0" || found.every((value) => Math.abs(value / perplexity - 1) <= tolerance);
  const passed = answer.ok && found.length > 0 && isNear;
  const said =
    answer.error ??
    `perplexity ${found.join(" and ")}${windows === "0" ? `, expected ${perplexity}` : ""} ${(answer.kernel ?? []).join(", ")}`;
  console.log(`${passed ? "ok  " : "FAIL"} ${name}: ${said} (${answer.seconds ?? "?"} s)`);
  return passed;
}
