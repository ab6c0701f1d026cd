import { runCli } from "../support/cli";

/** A timed run of the whole command, start of Node included. */
export interface TimedCommand<T> {
  seconds: number;
  report: T;
}

/** Runs the built command line with `--json`. */
export async function timeCommand<T>(args: readonly string[]): Promise<TimedCommand<T>> {
  const started = performance.now();
  const { code, stdout, stderr } = await runCli([...args, "--json"]);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`quantscope ${args.join(" ")} exited with ${code}: ${stdout.slice(0, 1000)}${stderr.slice(0, 1000)}`);
  return { seconds, report: JSON.parse(stdout) as T };
}
