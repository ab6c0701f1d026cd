import { searchClips } from "../../src/core/awq/clipSearch";
import { searchScales } from "../../src/core/awq/scaleSearch";
import { InputAccumulator, type InputSums } from "../../src/core/gptq/hessian";
import { factorInverse } from "../../src/core/gptq/inverseFactor";
import { defaultGptqOptions } from "../../src/core/gptq/options";
import { quantizeRows } from "../../src/core/gptq/quantizeRows";
import { Arena } from "../../src/core/linalg/arena";
import { noFile } from "../../src/jobs/model/forwardPass";
import { createControl } from "../../src/jobs/tasks/control";
import { WorkerPool } from "../../src/jobs/workerPool";
import { builtFiles } from "../support/builtFiles";
import { calibrationInputs } from "../support/calibrationInputs";
import { sample } from "../support/distributions";
import { KernelMemory } from "../support/kernelMemory";
import { Lanes } from "./lanes";
import { type Bar, type ResultRow, timing } from "./results";

const [rows, columns, tokens, awqTokens] = [2048, 2048, 2048, 512];
const options = { ...defaultGptqOptions, order: "stored" } as const;
const size = `${rows} × ${columns}`;

interface Contest {
  name: string;
  run: () => unknown;
  /** Who took how long on the machine of the bars, one thread. */
  known: string;
  bar?: Bar;
}

/**
 * GPTQ and AWQ of one layer, on one thread. The reference tools need torch (6 GB) and are not measured here: what they took on the
 * machine of the bars is named instead.
 */
export async function runGptqBench(_at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const found: ResultRow[] = [];
  const weights = sample("small normal", rows * columns);
  const inputs = calibrationInputs(tokens, columns, 1);
  const sums = sumsOf(inputs);
  for (const { name, run, known, bar } of contests(weights, inputs, sums)) {
    console.error(`gptq: ${name}`);
    run();
    const seconds = Array.from({ length: rounds }, () => secondsOf(run));
    console.log(`gptq: ${name}: recorded on the machine of the bars, not measured here: ${known}`);
    found.push({ part: "gptq", name, unit: "s", ours: timing(seconds), bar });
  }
  found.push(await twoThreads(weights, sums, rounds));
  return found;
}

function secondsOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

function sumsOf(inputs: Float32Array): InputSums {
  const { kernels } = new KernelMemory(1024);
  const accumulator = new InputAccumulator(kernels, new Arena(kernels.memory), columns);
  accumulator.add(inputs);
  return { ...accumulator.result(), lower: accumulator.result().lower.slice() };
}

function contests(weights: Float32Array, inputs: Float32Array, sums: InputSums): Contest[] {
  const { kernels } = new KernelMemory(1024);
  const arena = (): Arena => new Arena(kernels.memory);
  const awq = { bits: 4, groupSize: 128, symmetric: false } as const;
  const layer = { weights, inputs: inputs.subarray(0, awqTokens * columns), columns };
  return [
    {
      name: `Hessian of ${tokens} inputs, ${columns} columns`,
      run: () => new InputAccumulator(kernels, arena(), columns).add(inputs),
      known: "AutoGPTQ 0.21 s, GPTQModel 0.18 s",
    },
    {
      name: `GPTQ 4-bit g128 with the Hessian, ${size}`,
      run() {
        const room = arena();
        quantizeRows(kernels, room, weights, factorInverse(kernels, room, sums, options), options, () => undefined);
      },
      known: "GPTQModel 1.22 s, AutoGPTQ 0.67 s",
      bar: { atMost: 0.9 },
    },
    {
      name: `AWQ scale search, ${awqTokens} inputs, ${size}`,
      run: () => searchScales(kernels, arena(), layer, awq),
      known: "AutoAWQ 1.43 s",
      bar: { atMost: 1.43 },
    },
    {
      name: `AWQ clip search, ${awqTokens} inputs, ${size}`,
      run: () => searchClips(kernels, arena(), layer, awq),
      known: "AutoAWQ 45.8 s",
      bar: { atMost: 4.58 },
    },
  ];
}

/** Milliseconds: a collection of garbage in one of two short runs would make a ratio of its own. */
async function shorterOfTwo(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 2; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

/** The rows of one layer on two threads of the pool, against one. */
async function twoThreads(weights: Float32Array, sums: InputSums, rounds: number): Promise<ResultRow> {
  const pool = new WorkerPool({ ...builtFiles, threads: 2 });
  const lanes = new Lanes(2);
  try {
    const control = createControl();
    const shared = (values: Float32Array): SharedArrayBuffer => {
      const buffer = new SharedArrayBuffer(values.byteLength);
      new Float32Array(buffer).set(values);
      return buffer;
    };
    const { lower, ...shape } = sums;
    const factor = await pool.run({ kind: "factor", sums: shared(lower), shape, options }, noFile, control);
    const [matrix, values] = [shared(weights), new SharedArrayBuffer(weights.byteLength)];
    const target = { kind: "integers", options } as const;
    const part = (first: number, count: number) =>
      pool.run({ kind: "layerRows", target, factor, weights: matrix, first, rows: count, values, share: 0 }, noFile, control);
    const half = rows / 2;
    const both = (): Promise<unknown> => Promise.all([part(0, half), part(half, half)]);
    await both();
    const [ratios, cores]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      ratios.push((await shorterOfTwo(() => part(0, rows))) / (await shorterOfTwo(both)));
      cores.push(await lanes.cores());
    }
    const best = Math.max(...ratios);
    const found = { best, median: timing(ratios).median };
    return {
      part: "gptq",
      name: `rows of ${size} on two threads, against one`,
      unit: "×",
      ours: found,
      ratio: found,
      bar: { atLeast: 1.7 },
      cores: timing(cores).median,
    };
  } finally {
    await lanes.close();
    await pool.dispose();
  }
}
