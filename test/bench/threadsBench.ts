import { timeCommand } from "./command";
import { Lanes } from "./lanes";
import { writeWeights } from "./largeFiles";
import { median, raceRow, type ResultRow } from "./results";

const bar = { atLeast: 1.6 };
interface Job {
  name: string;
  dtype: "F32" | "BF16";
  shapes: readonly (readonly number[])[];
  args: readonly string[];
}

const jobs: readonly Job[] = [
  { name: "stats, F32, 1 GiB", dtype: "F32", shapes: Array.from({ length: 8 }, () => [8192, 4096]), args: ["stats", "--bins", "256"] },
  {
    name: "errors, Q4_K and int4-g128, 32 Mi values",
    dtype: "BF16",
    shapes: Array.from({ length: 4 }, () => [2048, 4096]),
    args: ["errors", "--types", "Q4_K,int4-g128"],
  },
];

async function runJob({ name, args }: Job, file: string, lanes: Lanes, rounds: number): Promise<ResultRow[]> {
  const command: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const control: number[] = [];
  const [verb, ...options] = args;
  for (let round = 0; round < rounds; round++) {
    console.error(`threads: ${name}, round ${round + 1} of ${rounds}`);
    for (const threads of [1, 2] as const) {
      const { seconds } = await timeCommand([verb!, file, ...options, "--threads", String(threads)]);
      command[threads].push(seconds);
    }
    control.push(await lanes.cores());
  }
  const cores = median(control);
  const row = raceRow("threads", `${name}, two`, command[2], "one thread", command[1], bar);
  return [
    { ...row, cores },
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
