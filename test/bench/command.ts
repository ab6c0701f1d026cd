import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cliFile } from "../support/cli";

/** A timed run of a whole process, its start included. */
export interface TimedProcess<T> {
  seconds: number;
  report: T;
}

const runFile = promisify(execFile);

/** Certificates that the environment adds are read by every Node process at its start: tens of milliseconds that are the machine's. */
const environment: NodeJS.ProcessEnv = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** Runs a program that prints one JSON document. @throws Error with what it printed unless it exits with 0 */
export async function timeProcess<T>(command: string, args: readonly string[]): Promise<TimedProcess<T>> {
  const started = performance.now();
  const { stdout } = await runFile(command, args, { env: environment, maxBuffer: 2 ** 28, timeout: 600_000 });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, report: JSON.parse(stdout) as T };
}

/** Runs the built command line with `--json`. */
export function timeCommand<T>(args: readonly string[]): Promise<TimedProcess<T>> {
  return timeProcess(process.execPath, [cliFile, ...args, "--json"]);
}
