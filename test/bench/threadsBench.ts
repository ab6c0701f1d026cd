import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { openPath } from "../../src/io/openPath";
import type { JobContext } from "../../src/jobs/contract";
import { Engine } from "../../src/jobs/engine";
import { builtFiles } from "../support/builtFiles";
import { timeCommand } from "./command";
import { Lanes } from "./lanes";
import { writeWeights } from "./largeFiles";
import { median, raceRow, type ResultRow } from "./results";

const bar = { atLeast: 1.6 };
const counts = [1, 2] as const;

interface Job {
  name: string;
  dtype: "F32" | "BF16";
  shapes: readonly (readonly number[])[];
  args: readonly string[];
  run(engine: Engine, checkpoint: Checkpoint, context: JobContext): Promise<unknown>;
}

const jobs: readonly Job[] = [
  {
    name: "stats, F32, 1 GiB",
    dtype: "F32",
    shapes: Array.from({ length: 8 }, () => [8192, 4096]),
    args: ["stats", "--bins", "256"],
    run: (engine, checkpoint, context) => engine.stats({ checkpoint, bins: 256 }, context),
  },
  {
    name: "errors, Q4_K and int4-g128, 32 Mi values",
    dtype: "BF16",
    shapes: Array.from({ length: 4 }, () => [2048, 4096]),
    args: ["errors", "--types", "Q4_K,int4-g128"],
    run: (engine, checkpoint, context) => engine.errors({ checkpoint, types: ["Q4_K", "int4-g128"] }, context),
  },
];

/** Seconds of a job in this process, by the number of threads, which run already. */
async function inProcess<T>({ run }: Job, file: string, use: (seconds: (threads: 1 | 2) => Promise<number>) => Promise<T>): Promise<T> {
  const engines = { 1: new Engine({ ...builtFiles, threads: 1 }), 2: new Engine({ ...builtFiles, threads: 2 }) };
  const checkpoint = await openPath(file);
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const seconds = async (threads: 1 | 2): Promise<number> => {
    const started = performance.now();
    await run(engines[threads], checkpoint, context);
    return (performance.now() - started) / 1000;
  };
  try {
    for (const threads of counts) await seconds(threads);
    return await use(seconds);
  } finally {
    await checkpoint.close();
    for (const threads of counts) await engines[threads].dispose();
  }
}

async function runJob(job: Job, file: string, lanes: Lanes, rounds: number): Promise<ResultRow[]> {
  const { name, args } = job;
  const command: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const here: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const control: number[] = [];
  const [verb, ...options] = args;
  await inProcess(job, file, async (seconds) => {
    for (let round = 0; round < rounds; round++) {
      console.error(`threads: ${name}, round ${round + 1} of ${rounds}`);
      for (const threads of counts) {
        command[threads].push((await timeCommand([verb!, file, ...options, "--threads", String(threads)])).seconds);
        here[threads].push(await seconds(threads));
      }
      control.push(await lanes.cores());
    }
  });
  const cores = median(control);
  return [
    { ...raceRow("threads", `${name}, two, in a running process`, here[2], "one thread", here[1], bar), cores },
    // No bar: a fifth of a second of each is the start of Node and of its threads.
    raceRow("threads", `${name}, two, whole command`, command[2], "one thread", command[1]),
    { part: "threads", name: "cores in these rounds", unit: "×", ours: { best: Math.max(...control), median: cores } },
  ];
}

/** Two worker threads against one, and in the same rounds what two threads can do here at best. */
export async function runThreadsBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const lanes = new Lanes(2);
  const rows: ResultRow[] = [];
  // Lets the optimising compiler see the loop before it is timed.
  for (let i = 0; i < 3; i++) await lanes.cores();
  try {
    for (const job of jobs) {
      const file = at("weights.safetensors");
      writeWeights(file, job.dtype, job.shapes);
      rows.push(...(await runJob(job, file, lanes, rounds)));
    }
  } finally {
    await lanes.close();
  }
  return rows;
}
