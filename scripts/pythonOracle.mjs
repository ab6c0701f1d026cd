// `npm run test:oracle:python`: our checkpoints in the hands of the libraries that have to load them. Quantizes the sample to every
// format, rounded to nearest and calibrated, and has each loaded and run on the CPU by the real loader: its perplexity must be that
// of our own run, and no worse than what the format's own tools reach.
//
//   node scripts/pythonOracle.mjs [word …] [--windows N] [--list]
//
// The loaders run all of the validation text, half an hour on two idle cores, or its first N windows of 256 tokens.
// A word chooses the cases whose names begin with it (`gptq`, `awq:int4-g128`, `"awq:int4-g128 awq"`). The first run installs the loaders into .cache:
// 6 GB. Neither `npm test` nor its layers need them. Without the reference data beside the project, nothing is run.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loaderCases } from "./lib/loaderCases.mjs";
import { at, cache } from "./lib/paths.mjs";
import { must, node, run } from "./lib/run.mjs";

/** Loaders compute in half precision, some with activations in eight bits, and each in an order of its own; our own run does not. */
const tolerance = 0.002;
/** Of the least kernel, on a busy machine, with the compiler it runs first. */
const limitMs = 40 * 60_000;

const options = process.argv.slice(2);
const windows = (options.includes("--windows") ? options.splice(options.indexOf("--windows"), 2)[1] : undefined) ?? "0";
const words = options.filter((option) => !option.startsWith("--"));
const chosen = loaderCases.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)));
const shared = process.env.QUANTSCOPE_SHARED ?? at("..", "shared");
const oracle = path.join(shared, "oracle");

if (options.includes("--list")) console.log(loaderCases.map(({ name }) => name).join("\n"));
else if (!existsSync(oracle)) console.log("skipped: the reference data is not beside the project (set QUANTSCOPE_SHARED to its folder)");
else process.exitCode = await runCases();

async function runCases() {
  if (chosen.length === 0) throw new Error(`no case begins with ${words.join(", ")}; --list names them`);
  const python = await installLoaders();
  await node([at("esbuild.config.mjs")]);
  const folder = mkdtempSync(path.join(tmpdir(), "quantscope-loaders-"));
  const rows = [];
  try {
    for (const one of chosen) {
      const row = await runCase(one, folder, python).catch((error) => ({ ...one, passed: false, said: String(error), found: [] }));
      console.log(`${row.passed ? "ok  " : "FAIL"} ${row.name}: ${row.said}`);
      rows.push(row);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  printTable(rows);
  const failed = rows.filter(({ passed }) => !passed).length;
  console.log(`${rows.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** Perplexities: the real loaders', of which some formats have two, our own run's, and that of the format's own tools. */
function printTable(rows) {
  const figure = (value) => (value === undefined ? "–" : value.toFixed(3));
  const table = [
    ["checkpoint", "loader", "transformers", "ours", "ours, whole text", "tools, whole text"],
    ...rows.map(({ name, found: [first, second], own, whole, known }) => [name, ...[first, second, own, whole, known].map(figure)]),
  ];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table)
    console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "));
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

/**
 * @param {import("./lib/loaderCases.mjs").LoaderCase} one
 * @returns whether it loads and computes what it should, and its perplexities
 */
async function runCase({ name, script, options: how, known, within, isCalibrated }, folder, python) {
  const out = path.join(folder, name.replace(/\W+/g, "-"));
  await node([at("dist", "cli.js"), "quantize", at("media", "sample"), ...how, "--out", out]);
  const perplexity = async (...few) => {
    const text = ["--text", path.join(shared, "sample", "validation.txt"), "--context", "256"];
    return JSON.parse(await node([at("dist", "cli.js"), "perplexity", out, "--json", ...text, ...few])).perplexity;
  };
  const whole = await perplexity();
  const own = windows === "0" ? whole : await perplexity("--samples", windows);
  const { output } = await run(python, [path.join(oracle, script), out, "--windows", windows], { limitMs });
  rmSync(out, { recursive: true, force: true });
  const line = output
    .split("\n")
    .filter((part) => part.startsWith('{"ok"'))
    .at(-1);
  const answer = line === undefined ? { ok: false, error: output.trim().slice(-500) } : JSON.parse(line);
  const found = [answer.perplexity, answer.transformers].filter((value) => value !== undefined);
  const isOurs = found.length > 0 && found.every((value) => Math.abs(value / own - 1) <= tolerance);
  const isGood = known === undefined || (whole <= known + within && (isCalibrated || whole >= known - within));
  const figures = `perplexity ${found.join(" and ")}, ours ${own.toFixed(3)}; of the whole text ours ${whole.toFixed(3)}, the tools' ${known ?? "not known"}`;
  const said = answer.error ?? `${figures}; ${[...(answer.kernel ?? []), `${answer.seconds} s`].join(", ")}`;
  return { name, passed: answer.ok && isOurs && isGood, said, found, own, whole, known };
}
