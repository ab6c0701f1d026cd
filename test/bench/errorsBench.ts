import assert from "node:assert/strict";
import path from "node:path";
import type { ErrorFigures } from "../../src/core/measure/reports";
import { openPath } from "../../src/io/openPath";
import type { ErrorsReport } from "../../src/jobs/contract";
import { Engine } from "../../src/jobs/engine";
import { builtFiles } from "../support/builtFiles";
import { findPython } from "../support/python";
import { timeCommand, timeProcess } from "./command";
import { Lanes } from "./lanes";
import { LineProcess } from "./lineProcess";
import { median, raceRow, type ResultRow, timing } from "./results";

const root = path.join(__dirname, "..", "..");
const sample = path.join(root, "media", "sample");
const weights = path.join(sample, "model.safetensors");
const peerScript = path.join(__dirname, "errorsPeer.py");

/** The types of most files. */
const types = ["Q8_0", "Q6_K", "Q5_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0", "Q3_K", "Q2_K"] as const;
/** Of these, the ones that the package gguf quantizes; the others it only reads. */
const shared = ["Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0"] as const;

const threads = 2;
const limit = { atMost: 3 };
const bar = { atLeast: 5 };

interface PeerRun {
  /** Of the computing alone. */
  seconds: number;
  tensors: Record<string, Record<string, Record<string, number>>>;
}

/** The figures must be the peer's: its float32 sums allow 1e-4. */
function checkSame(ours: ErrorsReport, { tensors }: PeerRun): void {
  assert.equal(ours.tensors.length, Object.keys(tensors).length);
  for (const { name, types: found } of ours.tensors) {
    for (const type of shared) {
      for (const [figure, theirs] of Object.entries(tensors[name]![type]!)) {
        const mine = found[type]![figure as keyof ErrorFigures] as number;
        assert.ok(Math.abs(mine - theirs) <= 1e-4 * Math.abs(theirs), `${name}, ${type}: ${figure} ${mine}, of gguf ${theirs}`);
      }
    }
  }
}

/** Measures inside this process, on threads that run already. */
async function inProcess<T>(use: (run: (types: readonly string[]) => Promise<ErrorsReport>) => Promise<T>): Promise<T> {
  const engine = new Engine({ ...builtFiles, threads });
  const checkpoint = await openPath(sample);
  const context = { signal: new AbortController().signal, progress: () => undefined };
  try {
    return await use((chosen) => engine.errors({ checkpoint, types: chosen }, context));
  } finally {
    await checkpoint.close();
    await engine.dispose();
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

const commandOf = (chosen: readonly string[]): string[] => ["errors", sample, "--types", chosen.join(","), "--threads", String(threads)];

async function compare(python: string, lanes: Lanes, rounds: number): Promise<ResultRow[]> {
  const args = [peerScript, weights, shared.join(",")];
  const peer = new LineProcess(python, args);
  const { version } = await peer.answer<{ version: string }>();
  const run = () => peer.ask<PeerRun>();
  const [command, script, here, there, cores]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  try {
    await inProcess(async (measure) => {
      checkSame(await measure(shared), await run());
      for (let i = 0; i < 5; i++) await measure(shared);
      for (let round = 0; round < rounds; round++) {
        console.error(`errors: against gguf, round ${round + 1} of ${rounds}`);
        command.push((await timeCommand(commandOf(shared))).seconds);
        script.push((await timeProcess(python, [...args, "once"])).seconds);
        here.push(await secondsOf(() => measure(shared)));
        there.push((await run()).seconds);
        cores.push(await lanes.cores());
      }
    });
  } finally {
    peer.close();
  }
  const name = `sample, ${shared.join(", ")}`;
  const against = `gguf ${version}, numpy`;
  return [
    // Reported only: half of it is the start of Node and of its threads.
    raceRow("errors", `${name}, whole command`, command, `${against}, as a script`, script),
    raceRow("errors", `${name}, in a running process`, here, `${against}, computing only`, there, bar),
  ].map((row) => ({ ...row, cores: median(cores) }));
}

/** Errors of ggml types on the sample: ten with the command alone, and those that the package gguf has against it. */
export async function runErrorsBench(_at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const lanes = new Lanes(threads);
  try {
    const ours: number[] = [];
    const cores: number[] = [];
    for (let round = 0; round < rounds; round++) {
      console.error(`errors: ${types.length} types, round ${round + 1} of ${rounds}`);
      ours.push((await timeCommand(commandOf(types))).seconds);
      cores.push(await lanes.cores());
    }
    const alone = `sample, ${types.length} ggml types, whole command`;
    const rows: ResultRow[] = [{ part: "errors", name: alone, unit: "s", ours: timing(ours), bar: limit, cores: median(cores) }];
    const python = findPython(["gguf"]);
    if (python === undefined) console.log("errors: not compared with gguf, which no Python here can import");
    else rows.push(...(await compare(python, lanes, rounds)));
    return rows;
  } finally {
    await lanes.close();
  }
}
