// Runs the integration tests inside the extension host of a real VS Code, through @vscode/test-electron.
//
// VSCODE_EXECUTABLE  what to start; without it the stand-in of test/host if a host is installed (`node scripts/setup.mjs host`),
//                    else test-electron downloads VSCODE_VERSION (stable unless set)
// EXTENSION          folder to load the extension from (an unpacked .vsix); this project unless set
// MOCHA_GREP         a part of the tests
// --build-only       only makes out/integration, which the debugger of VS Code starts
// QUANTSCOPE_VERDICT where to leave { passes, failures, pending } for `npm test`
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import * as esbuild from "esbuild";
import { at } from "../scripts/lib/paths.mjs";
import { hostIsInstalled } from "./host/vscodeServer.mjs";

const tests = at("out", "integration");

// The runner takes every file in it: a test that is no longer there would run for ever.
rmSync(tests, { recursive: true, force: true });
await esbuild.build({
  entryPoints: [at("test/integration/index.ts"), at("test/integration/**/*.test.ts")],
  outdir: tests,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode", "mocha"],
  sourcemap: "inline",
  logLevel: "warning",
});
if (process.argv.includes("--build-only")) process.exit(0);

const scratch = mkdtempSync(path.join(os.tmpdir(), "quantscope-integration-"));
const verdictFile = path.join(scratch, "verdict.json");
const workspace = path.join(scratch, "workspace");
const model = path.join(workspace, "tiny-llama");
mkdirSync(model, { recursive: true });
for (const name of ["config.json", "model.safetensors"]) copyFileSync(at("media/sample", name), path.join(model, name));

const executable = process.env.VSCODE_EXECUTABLE ?? (hostIsInstalled() ? at("test/host/vscodeHeadless.mjs") : undefined);
let code = 0;
try {
  await runTests({
    ...(executable ? { vscodeExecutablePath: path.resolve(executable) } : { version: process.env.VSCODE_VERSION ?? "stable" }),
    extensionDevelopmentPath: path.resolve(process.env.EXTENSION ?? at()),
    extensionTestsPath: path.join(tests, "index"),
    launchArgs: [workspace, "--disable-extensions", "--disable-workspace-trust", "--skip-welcome"],
    extensionTestsEnv: { VSCODE_TEST_VERDICT: verdictFile, MOCHA_GREP: process.env.MOCHA_GREP },
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  code = 1;
}
// A host that crashes ends with exit code 0: only what the suite wrote at its end counts.
const verdict = existsSync(verdictFile) ? JSON.parse(readFileSync(verdictFile, "utf8")) : undefined;
if (!verdict) console.error("The tests did not run to the end.");
if (!verdict?.passes || verdict.failures > 0) code = 1;
if (verdict && process.env.QUANTSCOPE_VERDICT) copyFileSync(verdictFile, process.env.QUANTSCOPE_VERDICT);
rmSync(scratch, { recursive: true, force: true });
process.exit(code);
