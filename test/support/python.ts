import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** Interpreters to try, the most wanted first: the caller's, those that setup installs, the system's. */
function interpreters(): string[] {
  const installed = ["venv", "venv-torch"].map((name) => path.join(__dirname, "..", "..", ".cache", name, "bin", "python"));
  const chosen = process.env.QUANTSCOPE_PYTHON;
  return [...(chosen ? [chosen] : []), ...installed, "/usr/bin/python3", "python3"];
}

/** A Python that can import the given modules, or undefined where there is none. */
export function findPython(modules: readonly string[]): string | undefined {
  return interpreters().find((candidate) => canImport(candidate, modules));
}

function canImport(python: string, modules: readonly string[]): boolean {
  if (path.isAbsolute(python) && !existsSync(python)) return false;
  return spawnSync(python, ["-c", `import ${modules.join(", ")}`], { stdio: "ignore" }).status === 0;
}

/** A Python with numpy; skips the test, saying why, where there is none. */
export function numpyOrSkip(test: Mocha.Context): string {
  const python = findPython(["numpy"]);
  if (python !== undefined) return python;
  console.log("      skipped: no Python with numpy here (set QUANTSCOPE_PYTHON to one)");
  return test.skip();
}

/**
 * Runs a script with a JSON document as its input and parses the one it prints.
 *
 * @throws Error with what the script wrote to stderr
 */
export function runPython<T>(python: string, script: string, input: unknown): T {
  const limits = { maxBuffer: 256 * 2 ** 20, timeout: 300_000 };
  const { status, stdout, stderr, error } = spawnSync(python, [script], { input: JSON.stringify(input), encoding: "utf8", ...limits });
  if (status !== 0) throw new Error(`${path.basename(script)} failed (${status ?? error?.message}): ${stderr}`);
  return JSON.parse(stdout) as T;
}
