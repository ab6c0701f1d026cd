import assert from "node:assert/strict";
import { statSync } from "node:fs";
import type { StatsReport } from "../../src/jobs/contract";
import { findPython } from "../support/python";
import { timeCommand, timeProcess } from "./command";
import { Lanes } from "./lanes";
import { writeWeights } from "./largeFiles";
import { type Peer, peerScript, type PeerRun, startPeer } from "./peer";
import { type Bar, median, raceRow, type ResultRow, timing } from "./results";

const threads = 2;

/** 2^28 values: tensors of 16, 32 and 64 Mi. */
const largeShapes: readonly (readonly number[])[] = [
  ...Array.from({ length: 2 }, () => [8192, 8192]),
  ...Array.from({ length: 2 }, () => [8192, 4096]),
  ...Array.from({ length: 4 }, () => [4096, 4096]),
];

type Library = "numpy" | "torch";

interface Subject {
  name: string;
  dtype: "F32" | "BF16";
  shapes: readonly (readonly number[])[];
  bars: Partial<Record<Library, Bar>>;
}

const subjects: readonly Subject[] = [
  { name: "F32, 1 GiB", dtype: "F32", shapes: largeShapes, bars: { numpy: { atLeast: 3 }, torch: { atLeast: 1.5 } } },
  {
    name: "BF16, 1 GiB",
    dtype: "BF16",
    shapes: [...largeShapes, ...largeShapes],
    bars: { numpy: { atLeast: 5 }, torch: { atLeast: 1.5 } },
  },
  { name: "F32, 1,024 tensors of 64 Ki", dtype: "F32", shapes: Array.from({ length: 1024 }, () => [256, 256]), bars: {} },
];

/** Who can be measured here, by library. */
function interpreters(): Partial<Record<Library, string>> {
  const own = process.env.QUANTSCOPE_TORCH_PYTHON;
  return { numpy: findPython(["numpy"]), torch: own ?? findPython(["numpy", "torch"]) };
}

/** The command's figures must be the peer's: float32 sums of the peer allow 1e-3, its float32 bin edges 1 value in 1,000. */
function checkSame(ours: StatsReport, theirs: PeerRun): void {
  assert.equal(ours.tensors.length, theirs.tensors.length);
  theirs.tensors.forEach(({ min, max, mean, std, counts }, index) => {
    const tensor = ours.tensors[index]!;
    assert.deepEqual([tensor.min, tensor.max], [min, max], tensor.name);
    assert.ok(Math.abs(tensor.mean! - mean) <= 1e-3 * std, `${tensor.name}: mean ${tensor.mean}, peer ${mean}`);
    assert.ok(Math.abs(tensor.std! - std) <= 1e-3 * std, `${tensor.name}: std ${tensor.std}, peer ${std}`);
    const moved = counts.reduce((sum, count, bin) => sum + Math.abs(count - tensor.histogram!.counts[bin]!), 0);
    assert.ok(moved <= tensor.count / 1000, `${tensor.name}: ${moved} of ${tensor.count} values are in other bins`);
  });
}

/** Seconds of one run as a script: start, imports, reading and computing. */
async function wholeProcess(python: string, library: string, file: string): Promise<number> {
  return (await timeProcess(python, [peerScript, library, String(threads), file])).seconds;
}

type Peers = ReadonlyMap<Library, Peer>;

/** Seconds of every round. */
interface Rounds extends Record<Library | "ours" | "read1" | "read2", number[]> {
  /** Cores there were for two threads. */
  cores: number[];
}

async function measure(subject: Subject, file: string, peers: Peers, lanes: Lanes, rounds: number): Promise<Rounds> {
  const args = ["stats", file, "--bins", "256", "--threads", String(threads)];
  const { report } = await timeCommand<StatsReport>(args);
  for (const peer of peers.values()) {
    await peer.load(file);
    checkSame(report, await peer.run());
  }
  const found: Rounds = { ours: [], numpy: [], torch: [], read1: [], read2: [], cores: [] };
  for (let round = 0; round < rounds; round++) {
    console.error(`stats: ${subject.name}, round ${round + 1} of ${rounds}`);
    found.ours.push((await timeCommand(args)).seconds);
    found.cores.push(await lanes.cores());
    found.read1.push(await lanes.read(file, 1));
    found.read2.push(await lanes.read(file, 2));
    for (const [library, peer] of peers) found[library].push((await peer.run()).seconds);
  }
  return found;
}

function rowsOf({ name, bars }: Subject, gigabytes: number, peers: Peers, found: Rounds): ResultRow[] {
  const cores = median(found.cores);
  const race = (against: string, theirs: number[], bar?: Bar): ResultRow => ({
    ...raceRow("stats", name, found.ours, against, theirs, bar),
    cores,
  });
  const { best, median: middle } = timing(found.ours);
  return [
    ...Array.from(peers, ([library, peer]) => race(`${peer.name}, computing only`, found[library], bars[library])),
    race("one thread only reading", found.read1),
    race("two threads only reading", found.read2),
    { part: "stats", name: `${name}, rate`, unit: "GB/s", ours: { best: gigabytes / best, median: gigabytes / middle } },
    { part: "stats", name: `${name}, cores in these rounds`, unit: "×", ours: { best: Math.max(...found.cores), median: cores } },
  ];
}

/**
 * `quantscope stats`, the whole command, against NumPy and PyTorch computing less on values that are in memory already.
 *
 * @param at path of a temporary file
 */
export async function runStatsBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const found = interpreters();
  const lanes = new Lanes(threads);
  const peers = new Map<Library, Peer>();
  const rows: ResultRow[] = [];
  try {
    for (const library of ["numpy", "torch"] as const) {
      if (found[library] === undefined) console.log(`stats: not compared with ${library}, which no Python here can import`);
      else peers.set(library, await startPeer(found[library], library, threads));
    }
    const file = at("weights.safetensors");
    for (const subject of subjects) {
      writeWeights(file, subject.dtype, subject.shapes);
      const measured = await measure(subject, file, peers, lanes, rounds);
      rows.push(...rowsOf(subject, statSync(file).size / 1e9, peers, measured));
      if (subject !== subjects[0]) continue;
      for (const library of peers.keys()) {
        const seconds = [await wholeProcess(found[library]!, library, file), await wholeProcess(found[library]!, library, file)];
        const ours = [(await timeCommand(["stats", file, "--threads", String(threads)])).seconds];
        rows.push(raceRow("stats", subject.name, ours, `${library} as a script, reading included`, seconds));
      }
    }
  } finally {
    for (const peer of peers.values()) peer.close();
    await lanes.close();
  }
  return rows;
}
