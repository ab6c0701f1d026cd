// Child processes: run to the end with a limit, never left behind.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { root } from "./paths.mjs";

/** Processes that run now: while there are any, a signal ends them first. */
const running = new Set();

/** @param {NodeJS.Signals} signal */
function endAll(signal) {
  for (const child of running) killGroup(child);
  process.exit(signal === "SIGINT" ? 130 : 143);
}

function watchSignals() {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    if (running.size > 0) process.on(signal, endAll);
    else process.off(signal, endAll);
  }
}

function killGroup(child) {
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/**
 * Runs a command to its end. In its own process group, so that the limit reaches grandchildren.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, show?: boolean, log?: string, limitMs?: number }} [options]
 *   `show` passes its output on as it comes, `log` also writes it to a file
 * @returns {Promise<{ code: number | null, output: string }>} `code` is null when the limit ended it
 */
export function run(command, args, { env = {}, cwd = root, show = false, log, limitMs = 600_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    running.add(child);
    if (running.size === 1) watchSignals();
    const file = log ? createWriteStream(log) : undefined;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        file?.write(text);
        if (show) process.stdout.write(text);
      });
    }
    const timer = setTimeout(() => killGroup(child), limitMs);
    const finish = (code) => {
      if (!running.delete(child)) return;
      if (running.size === 0) watchSignals();
      clearTimeout(timer);
      file?.end();
      resolve({ code, output });
    };
    child.on("error", (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
    child.on("close", (code) => finish(code));
  });
}

/** Runs a command that must succeed; its output is shown only if it does not. */
export async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${code ?? "a time-out"}\n${output.slice(-4000)}`);
  return output;
}

/** Like `must`, with this Node: `node script args`. */
export const node = (args, options) => must(process.execPath, args, options);
