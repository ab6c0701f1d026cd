import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { nf4 } from "../../src/core/quant/codebook";
import { hqqIterations, hqqPasses } from "../../src/core/quant/hqq";
import { book4Bytes, writeBook4 } from "../../src/kernels/layout";
import { sample } from "../support/distributions";
import { KernelMemory } from "../support/kernelMemory";
import { findPython } from "../support/python";
import { LineProcess } from "./lineProcess";
import { raceRow, type ResultRow, timing } from "./results";

const [rows, columns] = [2048, 2048];
const values = rows * columns;
const block = 64;

interface Contest {
  name: string;
  /** Quantizes and dequantizes the matrix: the values, in memory that the next call writes again. */
  ours: () => Float32Array;
  library: "bitsandbytes" | "hqq";
  /** Least ratio to the library. */
  bar: number;
  /** Seconds it took on the machine of the bars, where it is not here to be measured. */
  known: number;
}

/** One matrix by kernels on one thread, against the Python libraries, each in a process that lives through all rounds. */
export async function runSchemesBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const data = sample("small normal", values);
  const file = at("matrix.f32");
  writeFileSync(file, new Uint8Array(data.buffer));
  const found: ResultRow[] = [];
  for (const contest of contests(data)) {
    console.error(`schemes: ${contest.name}`);
    found.push(await race(contest, data, file, rounds));
  }
  return found;
}

function contests(data: Float32Array): Contest[] {
  const memory = new KernelMemory(1024);
  const { kernels } = memory;
  const [x, y] = [memory.place(data), memory.room(4 * values)];
  const [codes, absmax] = [memory.room(values), memory.room((4 * values) / block)];
  const book = memory.room(book4Bytes);
  writeBook4(nf4, memory.bytes(book, book4Bytes));
  const sums = memory.room(8 * 2 * hqqIterations);
  const back = (): Float32Array => memory.floats(y, values);
  const size = `${rows} × ${columns}`;
  return [
    {
      name: `NF4 and back, ${size}`,
      ours() {
        kernels.quantizeBlocks4(x, values, block, book, codes, absmax);
        kernels.dequantizeBlocks4(codes, values, block, book, absmax, y);
        return back();
      },
      library: "bitsandbytes",
      bar: 4,
      known: 0.125,
    },
    {
      name: `HQQ 4-bit g64 and back, ${size}`,
      ours() {
        const errors = memory.doubles(sums, 2 * hqqIterations).fill(0);
        kernels.hqqGroups(x, values, block, 4, hqqIterations, sums, 0);
        const passes = hqqPasses([...errors.subarray(0, hqqIterations)], values);
        kernels.hqqGroups(x, values, block, 4, passes, sums, y);
        return back();
      },
      library: "hqq",
      bar: 2,
      known: 0.65,
    },
  ];
}

async function race({ name, ours, library, bar, known }: Contest, data: Float32Array, file: string, rounds: number): Promise<ResultRow> {
  const python = findPython(["torch", library]);
  const peer = python === undefined ? undefined : await startPeer(python, library, file);
  if (peer) checkSame(name, rootMeanSquare(ours(), data), peer.rmse);
  for (let i = 0; i < 3; i++) ours();
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    ours();
    mine.push((performance.now() - start) / 1000);
    if (peer) theirs.push(await peer.seconds());
  }
  peer?.close();
  if (peer) return raceRow("schemes", name, mine, peer.name, theirs, { atLeast: bar });
  console.log(
    `schemes: no Python with torch and ${library} here (--install-peers, or set QUANTSCOPE_PYTHON to one); held against ${known} s instead`,
  );
  return { part: "schemes", name, unit: "s", ours: timing(mine), bar: { atMost: known / bar } };
}

function rootMeanSquare(actual: Float32Array, expected: Float32Array): number {
  return Math.sqrt(actual.reduce((sum, value, index) => sum + (value - expected[index]!) ** 2, 0) / actual.length);
}

/** Both must have done the work: the error of either, in 1 part of 1,000. */
function checkSame(name: string, ours: number, theirs: number): void {
  assert.ok(Math.abs(ours - theirs) <= 1e-3 * theirs, `${name}: an error of ${ours}, of the library ${theirs}`);
}

async function startPeer(python: string, library: string, file: string) {
  const script = path.join(__dirname, "schemesPeer.py");
  const child = new LineProcess(python, [script, library, file, String(rows), String(columns)], { OMP_NUM_THREADS: "1" });
  const { version, rmse } = await child.answer<{ version: string; rmse: number }>();
  return {
    name: `${library} ${version}, 1 thread`,
    rmse,
    seconds: async () => (await child.ask<{ seconds: number }>()).seconds,
    close: () => child.close(),
  };
}
