import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** The built command line. */
export const cliFile = path.join(__dirname, "..", "..", "dist", "cli.js");

/** How a run of the command line ended. */
export interface CliRun {
  /** Exit status; null when a signal killed it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  /** Interrupts the run (as Ctrl+C does) after so many milliseconds. */
  interruptAfterMs?: number;
  /** The same as soon as this is true, which is looked for every few milliseconds. */
  interruptOnce?: () => boolean;
  /** Kills the run after so many milliseconds: 120,000 unless given. */
  timeoutMs?: number;
}

/** Runs the command line to its end. */
export async function runCli(
  args: readonly string[],
  { interruptAfterMs, interruptOnce, timeoutMs = 120_000 }: CliOptions = {},
): Promise<CliRun> {
  assert.ok(existsSync(cliFile), "dist/cli.js is missing: run `npm run build` first");
  const child = spawn(process.execPath, [cliFile, ...args], { stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const interrupt = interruptAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGINT"), interruptAfterMs);
  const watch = setInterval(() => {
    if (!interruptOnce?.()) return;
    clearInterval(watch);
    child.kill("SIGINT");
  }, 5);
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearTimeout(interrupt);
  clearInterval(watch);
  return { code, ...output };
}

/** Runs a command with `--json` and parses its one document; fails unless it exits with 0. */
export async function cliJson<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await runCli([...args, "--json"]);
  assert.equal(code, 0, `quantscope ${args.join(" ")} exited with ${code}: ${stdout.slice(0, 2000)}${stderr.slice(0, 2000)}`);
  return JSON.parse(stdout) as T;
}
