import assert from "node:assert/strict";
import { floatToBfloat16 } from "../../src/core/decode/bfloat16";
import { findDecoder } from "../../src/core/decode/decoder";
import { floatToHalf } from "../../src/core/decode/half";
import { emptyMoments, outErrors, scratchBytes } from "../../src/kernels/layout";
import { affine, affineGroups } from "../../src/kernels/plain/affine";
import { errors } from "../../src/kernels/plain/errors";
import { histogram } from "../../src/kernels/plain/histogram";
import { moments } from "../../src/kernels/plain/moments";
import { patternCounts16, patternCounts32 } from "../../src/kernels/plain/patternCounts";
import { sample } from "../support/distributions";
import { ggmlName, ggmlTypeIds, loadGgml, type Ggml } from "../support/ggml";
import { KernelMemory } from "../support/kernelMemory";
import { type ResultRow, type Timing, timing } from "./results";

interface Contest {
  name: string;
  against: string;
  values: number;
  /** Least ratio to the peer. */
  bar?: number;
  ours: () => void;
  peer: () => void;
  /** Throws unless both computed the same. */
  check: () => void;
}

const rounds = 9;
/** Time given to a contender in one round: long enough to dwarf the timer, short enough to interleave. */
const roundMs = 30;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Seconds of the fastest call within one round. */
function bestCall(run: () => void): number {
  let best = Infinity;
  const end = performance.now() + roundMs;
  do {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  return best / 1000;
}

async function race(contest: Contest): Promise<ResultRow> {
  // The optimising compiler works in the background: let it see the code, wait, and let it switch.
  for (let i = 0; i < 5; i++) {
    contest.ours();
    contest.peer();
  }
  await pause(150);
  contest.ours();
  contest.peer();
  contest.check();
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(bestCall(contest.ours));
    peer.push(bestCall(contest.peer));
  }
  const [mine, theirs] = [timing(ours), timing(peer)];
  const rate = (seconds: number): number => (contest.values * 4) / seconds / 1e9;
  const rates = ({ best, median }: Timing): Timing => ({ best: rate(best), median: rate(median) });
  return {
    part: "kernels",
    name: contest.name,
    unit: "GB/s",
    ours: rates(mine),
    against: contest.against,
    peer: rates(theirs),
    ratio: { best: theirs.best / mine.best, median: theirs.median / mine.median },
    bar: contest.bar === undefined ? undefined : { atLeast: contest.bar },
  };
}

function sameBytes(actual: Uint8Array, expected: Uint8Array): void {
  assert.equal(Buffer.compare(actual, expected), 0);
}

function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= 1e-9 * Math.max(1, Math.abs(expected[i]!)), `${actual[i]} is not ${expected[i]}`);
  }
}

/** Against ggml's own functions, if its library is here: the bars of the design. */
function quantizers(ggml: Ggml): Contest[] {
  const types = [
    { type: "Q8_0", values: 1 << 20, bar: 4 },
    { type: "Q4_0", values: 1 << 20, bar: 1.2 },
    { type: "Q4_K", values: 1 << 17, bar: 3 },
  ] as const;
  return types.map(({ type, values, bar }) => {
    const memory = new KernelMemory();
    const data = sample("small normal", values);
    const id = ggmlTypeIds[ggmlName(type)];
    const theirs = new Uint8Array(ggml.rowSize(id, 1024) * (values / 1024));
    const x = memory.place(data);
    const target = memory.room(theirs.length);
    const scratch = memory.room(scratchBytes.quantize);
    return {
      name: `quantize${type}`,
      against: "ggml",
      values,
      bar,
      ours: () => memory.kernels[`quantize${type}`](x, values, target, scratch, 0, 0),
      peer: () => ggml.quantizeInto(id, data, theirs, values / 1024, 1024),
      check: () => sameBytes(memory.bytes(target, theirs.length), theirs),
    };
  });
}

/** Against the plain TypeScript twins. */
function twins(): Contest[] {
  const values = 1 << 20;
  const memory = new KernelMemory(1024);
  const { kernels } = memory;
  const data = sample("small normal", values);
  const near = data.map((value) => Math.fround(value * 1.03));
  const x = memory.place(data);
  const y = memory.place(near);
  const target = memory.room(values * 4);
  const scratch = memory.room(scratchBytes.patternCounts32);
  const low = data.reduce((a, b) => Math.min(a, b));
  const high = data.reduce((a, b) => Math.max(a, b));
  const against = "plain TypeScript";

  const momentsAt = memory.place(emptyMoments());
  const momentsOut = emptyMoments();
  const counts32 = memory.place(new Uint32Array(65536));
  const plainCounts32 = new Uint32Array(65536);
  const separateAt = memory.place(emptyMoments());
  const separateCounts = memory.place(new Uint32Array(65536));
  const halves = new Uint16Array(data.buffer, 0, values);
  const counts16 = memory.place(new Uint32Array(65536));
  const plainCounts16 = new Uint32Array(65536);
  const bins = memory.place(new Uint32Array(256));
  const plainBins = new Uint32Array(256);
  const decoded = new Float32Array(values);
  const contests: Contest[] = [
    {
      name: "moments",
      against,
      values,
      ours: () => {
        memory.doubles(momentsAt, momentsOut.length).set(emptyMoments());
        kernels.moments(x, values, 0, momentsAt);
      },
      peer: () => {
        momentsOut.set(emptyMoments());
        moments(data, 0, momentsOut);
      },
      check: () => closeTo(memory.doubles(momentsAt, momentsOut.length), momentsOut),
    },
    {
      name: "patternCounts32",
      against,
      values,
      ours: () => {
        memory.words(counts32, 65536).fill(0);
        kernels.patternCounts32(x, values, counts32, scratch);
      },
      peer: () => {
        plainCounts32.fill(0);
        patternCounts32(data, plainCounts32);
      },
      check: () => assert.deepEqual(memory.words(counts32, 65536), plainCounts32),
    },
    {
      name: "scanF32",
      against: "moments, then patternCounts32",
      values,
      ours: () => {
        memory.doubles(momentsAt, momentsOut.length).set(emptyMoments());
        memory.words(counts32, 65536).fill(0);
        kernels.scanF32(x, values, 0, momentsAt, counts32, scratch);
      },
      peer: () => {
        memory.doubles(separateAt, momentsOut.length).set(emptyMoments());
        memory.words(separateCounts, 65536).fill(0);
        kernels.moments(x, values, 0, separateAt);
        kernels.patternCounts32(x, values, separateCounts, scratch);
      },
      check: () => {
        assert.deepEqual(memory.words(counts32, 65536), memory.words(separateCounts, 65536));
        assert.deepEqual(memory.doubles(momentsAt, momentsOut.length), memory.doubles(separateAt, momentsOut.length));
      },
    },
    {
      name: "patternCounts16",
      against,
      values,
      ours: () => {
        memory.words(counts16, 65536).fill(0);
        kernels.patternCounts16(x, values, counts16, scratch);
      },
      peer: () => {
        plainCounts16.fill(0);
        patternCounts16(halves, plainCounts16);
      },
      check: () => assert.deepEqual(memory.words(counts16, 65536), plainCounts16),
    },
    {
      name: "histogram, 256 bins",
      against,
      values,
      bar: 3,
      ours: () => {
        memory.words(bins, 256).fill(0);
        kernels.histogram(x, values, low, high, 256, bins, scratch);
      },
      peer: () => {
        plainBins.fill(0);
        histogram(data, low, high, plainBins);
      },
      check: () => assert.deepEqual(memory.words(bins, 256), plainBins),
    },
  ];
  for (const [kernel, dtype, encode] of [
    ["decodeF16", "F16", floatToHalf],
    ["decodeBF16", "BF16", floatToBfloat16],
  ] as const) {
    const decoder = findDecoder(dtype);
    assert.ok(decoder);
    const source = new Uint8Array(Uint16Array.from(data, encode).buffer);
    const from = memory.place(source);
    contests.push({
      name: kernel,
      against,
      values,
      ours: () => kernels[kernel](from, values, target),
      peer: () => decoder.decode(source, decoded),
      check: () => assert.deepEqual(memory.floats(target, values), decoded),
    });
  }
  const sums = (name: string, ours: (out: number) => void, peer: (out: Float64Array) => void): Contest => {
    const out = memory.room(outErrors.length * 8);
    const plainOut = new Float64Array(outErrors.length);
    return {
      name,
      against,
      values,
      ours: () => {
        memory.doubles(out, outErrors.length).fill(0);
        ours(out);
      },
      peer: () => {
        plainOut.fill(0);
        peer(plainOut);
      },
      check: () => closeTo(memory.doubles(out, outErrors.length), plainOut),
    };
  };
  contests.push(
    sums(
      "errors",
      (out) => kernels.errors(x, y, values, out),
      (out) => errors(data, near, out),
    ),
    sums(
      "affine, 8 bits",
      (out) => kernels.affine(x, values, low, high, 8, 0, 0, out),
      (out) => affine(data, low, high, 8, false, undefined, out),
    ),
    sums(
      "affineGroups, 4 bits, 128",
      (out) => kernels.affineGroups(x, values >> 10, 1024, 128, 4, 0, 0, out),
      (out) => affineGroups(data, 1024, 128, 4, false, undefined, out),
    ),
  );
  return contests;
}

/** Races every kernel against its peer on one core. Rates count bytes of float32 values. */
export async function runKernelBench(): Promise<ResultRow[]> {
  const ggml = loadGgml();
  if (!ggml) console.log("kernels: not compared with ggml, which is not installed here");
  const rows: ResultRow[] = [];
  for (const contest of [...(ggml ? quantizers(ggml) : []), ...twins()]) rows.push(await race(contest));
  return rows;
}
