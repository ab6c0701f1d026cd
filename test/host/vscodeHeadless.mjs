#!/usr/bin/env node
// A stand-in for the `code` executable: takes the arguments that @vscode/test-electron passes to a desktop VS Code, runs the tests in
// the real extension host of the VS Code server, and exits with their result.
//
// VSCODE_TEST_VERDICT    where the suite writes { passes, failures, pending } at its end; green needs that file
// VSCODE_HEADLESS_LIMIT  seconds, 300 unless set
// VSCODE_HEADLESS_DUMP   folder for logs and a screenshot of a failure
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import util from "node:util";
import { openBrowser } from "./browser.mjs";
import { hostFacts, remoteUri, startServer, workbenchUrl } from "./vscodeServer.mjs";

const options = readArguments(process.argv.slice(2));
if (options.version) {
  console.log(hostFacts().version);
  process.exit(0);
}
const limitMs = Number(process.env.VSCODE_HEADLESS_LIMIT ?? 300) * 1000;
const dump = process.env.VSCODE_HEADLESS_DUMP;
if (dump) mkdirSync(dump, { recursive: true });
const scratch = mkdtempSync(path.join(os.tmpdir(), "quantscope-headless-"));
const report = path.join(scratch, "report.txt");
const verdictFile = process.env.VSCODE_TEST_VERDICT ?? path.join(scratch, "verdict.json");
writeFileSync(report, "");
rmSync(verdictFile, { force: true });

let shown = 0;
/** Shows what the suite's reporter has written so far. */
function showReport() {
  const written = readFileSync(report);
  process.stdout.write(written.subarray(shown));
  shown = written.length;
}
const ticking = setInterval(showReport, 200);

/** @type {import("./vscodeServer.mjs").Server | undefined} */
let server;
/** @type {import("./browser.mjs").Browser | undefined} */
let browser;
async function stop() {
  await browser?.close().catch(() => undefined);
  await server?.stop();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void stop().then(() => process.exit(1)));

let code = 1;
try {
  server = await startServer({
    userDataDir: options.userDataDir,
    extensionsDir: options.extensionsDir,
    smokeDriver: true,
    env: { VSCODE_TEST_OUTPUT: report, VSCODE_TEST_VERDICT: verdictFile },
  });
  browser = await openBrowser();
  code = await runSuite(server, browser);
} catch (error) {
  console.error(String(error));
  if (dump) await browser?.page.screenshot({ path: path.join(dump, "failed.png") }).catch(() => undefined);
  if (server) console.error(server.output().slice(-3000));
} finally {
  clearInterval(ticking);
  await stop();
  showReport();
}
if (options.tests && !isGreen()) code ||= 1;
rmSync(scratch, { recursive: true, force: true });
process.exitCode = code;

/**
 * Opens the workbench with the extension under development and waits for the end of the tests.
 * @param {import("./vscodeServer.mjs").Server} server
 * @param {import("./browser.mjs").Browser} browser
 * @returns {Promise<number>} the code that VS Code reports
 */
async function runSuite(server, { context, page }) {
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => void context.exposeFunction("codeAutomationExit", resolve));
  const log = dump ? createWriteStream(path.join(dump, "console.log")) : undefined;
  // console.* of the extension host arrives here as printf arguments, between the workbench's own lines.
  await context.exposeFunction("codeAutomationLog", (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
    log?.write(`[${type}] ${util.format(...args)}\n`);
  });
  /** @type {[string, string][]} */
  const payload = options.development.map((folder) => ["extensionDevelopmentPath", remoteUri(server, folder)]);
  if (options.tests) payload.push(["extensionTestsPath", remoteUri(server, testsEntry(options.tests))]);
  await page.goto(workbenchUrl(server, { folder: options.folder && path.resolve(options.folder), payload }));
  return Promise.race([
    ended,
    new Promise((_, reject) => page.once("crash", () => reject(new Error("the page crashed")))),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`no result after ${limitMs / 1000} s`)), limitMs).unref()),
  ]);
}

/** The workbench reports 0 also when its extension host crashed: only what the suite wrote at its end counts. */
function isGreen() {
  if (!existsSync(verdictFile)) {
    console.error("no verdict: the tests did not run to the end");
    return false;
  }
  const verdict = JSON.parse(readFileSync(verdictFile, "utf8"));
  return verdict.passes > 0 && verdict.failures === 0;
}

/** @param {string} tests file, file without its ending, or folder */
function testsEntry(tests) {
  if (/\.[cm]?js$/.test(tests)) return tests;
  return existsSync(`${tests}.js`) ? `${tests}.js` : path.join(tests, "index.js");
}

/** @param {string[]} args */
function readArguments(args) {
  const read = {
    /** @type {string[]} */ development: [],
    version: false,
    /** @type {string | undefined} */ tests: undefined,
    /** @type {string | undefined} */ userDataDir: undefined,
    /** @type {string | undefined} */ extensionsDir: undefined,
    /** @type {string | undefined} */ folder: undefined,
  };
  const withValue = new Set(["--extensionDevelopmentPath", "--extensionTestsPath", "--user-data-dir", "--extensions-dir"]);
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (!argument.startsWith("-")) {
      read.folder ??= argument;
      continue;
    }
    const [name = "", given] = argument.split(/=(.*)/s);
    const value = given ?? (withValue.has(name) ? (args[++index] ?? "") : "");
    if (name === "--extensionDevelopmentPath") read.development.push(value);
    else if (name === "--extensionTestsPath") read.tests = value;
    else if (name === "--user-data-dir") read.userDataDir = value;
    else if (name === "--extensions-dir") read.extensionsDir = value;
    else if (name === "--version") read.version = true;
  }
  return read;
}
