// `npm test`: brings the machine and the build up to date, runs every layer, prints one line for each and the sum last.
//
//   node scripts/test.mjs [layer …]      without a name: all of them. One named layer shows its output as it comes.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { layers } from "./lib/layers.mjs";
import { at } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { installedExtension, installedFolder } from "./lib/vsix.mjs";
import { setup } from "./setup.mjs";
import { oracleEnv } from "./setup/oracles.mjs";

const limitMs = 20 * 60_000;
const named = process.argv.slice(2);
const unknown = named.filter((name) => !layers.some((layer) => layer.name === name));
if (unknown.length > 0) {
  console.error(`No layer ${unknown.join(", ")}; there are ${layers.map((layer) => layer.name).join(", ")}.`);
  process.exit(2);
}
const chosen = layers.filter((layer) => named.length === 0 || named.includes(layer.name));
const live = named.length === 1;
const logs = at("out", "logs");
mkdirSync(logs, { recursive: true });

const started = Date.now();
const sum = { passed: 0, failed: 0 };
for (const prepare of preparations()) {
  const problem = await prepare();
  if (!problem) continue;
  console.log(problem);
  sum.failed++;
}
if (sum.failed === 0) for (const layer of chosen) await runLayer(layer);
console.log(`${((Date.now() - started) / 1000).toFixed(0)} s in all`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;

/** What must be done before the chosen layers; each resolves with a sentence if it could not be done. */
function* preparations() {
  const stages = new Set(chosen.map((layer) => layer.tests));
  const needs = [...new Set(["packages", ...chosen.flatMap((layer) => layer.needs)])];
  yield () =>
    setup(needs).then(
      () => undefined,
      (error) => `setup: ${error instanceof Error ? error.message : error}`,
    );
  if (stages.has("build")) yield () => must("build", ["esbuild.config.mjs"]);
  if (stages.has("package") && !chosen.some((layer) => layer.name === "package"))
    yield () => must("package", ["scripts/package.mjs", "--install"]);
}

/** @param {string} name @param {string[]} args */
async function must(name, args) {
  const { code, output } = await run(process.execPath, args, { log: `${logs}/${name}.log`, limitMs });
  return code === 0 ? undefined : `${name} failed (${code ?? "time-out"})\n${output}`;
}

/** @param {import("./lib/layers.mjs").Layer} layer */
async function runLayer(layer) {
  const verdict = at("out", `${layer.name}.verdict.json`);
  rmSync(verdict, { force: true });
  const env = {
    ...oracleEnv(),
    QUANTSCOPE_VERDICT: verdict,
    ...(live && process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined }),
    ...(layer.tests === "package" ? { EXTENSION: installedExtension, EXTENSIONS_DIR: installedFolder } : {}),
    ...layer.env,
  };
  const begin = Date.now();
  let ended = 0;
  let output = "";
  for (const [index, command] of layer.commands.entries()) {
    const log = `${logs}/${layer.name}${index === 0 ? "" : `-${index + 1}`}.log`;
    const result = await run(process.execPath, command, { env, log, limitMs, show: live });
    if (result.code === 0) ended++;
    else output += `${result.output}\n(${result.code === null ? `ended after ${limitMs / 60_000} minutes` : `exit code ${result.code}`})\n`;
  }
  const failedCommands = layer.commands.length - ended;
  const counted = layer.counts === "tests" ? readVerdict(verdict) : { passes: ended, failures: failedCommands, pending: 0, retries: 0 };
  // A runner that died or found no test has no verdict or an empty one: that is a failure, whatever its exit code says.
  const died = !counted || counted.passes + counted.failures === 0 || (failedCommands > 0 && counted.failures === 0);
  const { passes, failures, pending, retries } = {
    passes: counted?.passes ?? 0,
    failures: (counted?.failures ?? 0) + (died ? 1 : 0),
    pending: counted?.pending ?? 0,
    retries: counted?.retries ?? 0,
  };
  sum.passed += passes;
  sum.failed += failures;
  if (failures > 0 && !live) console.log(essence(output));
  if (died) console.log(`${layer.name}: the runner did not end properly${counted ? "" : " and left no result"}`);
  const also = `${pending > 0 ? `, ${pending} skipped` : ""}${retries > 0 ? `, ${retries} tried again (see out/logs)` : ""}`;
  console.log(`${layer.name}: ${passes} passed, ${failures} failed${also}, ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

/** The failures of a report whose passing tests nobody needs to see here; `out/logs` has all of it. @param {string} output */
function essence(output) {
  const summary = output.search(/^ {2}\d+ passing/m);
  return summary >= 0 ? output.slice(summary) : output.slice(-12_000);
}

/** @param {string} file @returns {{ passes: number, failures: number, pending: number, retries?: number } | undefined} */
function readVerdict(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
