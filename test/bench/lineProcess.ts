import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A contender in a process of its own that lives through all rounds: a line to its stdin, a JSON document a line back. */
export class LineProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;

  constructor(
    private readonly command: string,
    private readonly args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** What it says next. @throws Error when it has ended */
  async answer<T>(): Promise<T> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.command} ${this.args.join(" ")} ended early`);
    return JSON.parse(value) as T;
  }

  /** Sends a line and waits for the answer. */
  ask<T>(line = ""): Promise<T> {
    this.child.stdin.write(`${line}\n`);
    return this.answer();
  }

  close(): void {
    this.child.stdin.end();
  }
}
