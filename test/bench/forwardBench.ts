import { readFileSync } from "node:fs";
import path from "node:path";
import { windowsOf } from "../../src/core/model/perplexity";
import { openPath } from "../../src/io/openPath";
import { Engine } from "../../src/jobs/engine";
import { storedModel } from "../../src/jobs/perplexityModel";
import { scratchBytes } from "../../src/kernels/layout";
import { hasRelaxedSimd } from "../../src/kernels/relaxedSimd";
import { builtFiles } from "../support/builtFiles";
import { sample } from "../support/distributions";
import { kernelModule, KernelMemory } from "../support/kernelMemory";
import { findLlama } from "../support/llama";
import { findPython } from "../support/python";
import { quiet } from "../unit/jobs/harness";
import { timeCommand } from "./command";
import { Lanes } from "./lanes";
import { LineProcess } from "./lineProcess";
import { median, raceRow, type ResultRow } from "./results";

const sampleFolder = path.join(__dirname, "..", "..", "media", "sample");
const context = 256;
const tokens = 16_384;
const threads = 2;

/** A forward pass of the sample over many tokens with logits of all of them, and a product of matrices by itself. */
export async function runForwardBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  return [...(await sampleRows(at("sample.gguf"), rounds)), ...(await gemmRows(1024, rounds))];
}

async function sampleRows(file: string, rounds: number): Promise<ResultRow[]> {
  const llama = findLlama();
  if (!llama) {
    console.log("forward: llama.cpp is not measured; it needs `node scripts/setup.mjs oracles`");
    return [];
  }
  await timeCommand(["quantize", sampleFolder, "--to", "gguf", "--type", "F32", "--out", file]);
  const peer = llama.load(file, context, { threads });
  const text = readFileSync(path.join(sampleFolder, "calibration.txt"), "utf8");
  const windows = windowsOf(Int32Array.from(peer.tokenize(text, true)), context).slice(0, tokens / context);
  const checkpoint = await openPath(file);
  const original = await storedModel(checkpoint);
  const engine = new Engine({ ...builtFiles, threads });
  const lanes = new Lanes(threads);
  const seconds = async (work: () => unknown): Promise<number> => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
  };
  const ours = (): Promise<number> => seconds(() => engine.perplexity({ original, windows, protocol: "plain" }, quiet()));
  const theirs = (): Promise<number> => seconds(() => windows.forEach((ids) => peer.logits([...ids])));
  try {
    // Threads, kernels and pages of memory are there.
    await ours();
    await theirs();
    const [mine, other, cores]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      console.error(`forward: round ${round + 1} of ${rounds}`);
      mine.push(await ours());
      other.push(await theirs());
      cores.push(await lanes.cores());
    }
    const name = `the sample as F32 over ${windows.length * context} tokens, threads: ${threads}`;
    return [{ ...raceRow("forward", name, mine, "llama.cpp", other, { atLeast: 0.4 }), cores: median(cores) }];
  } finally {
    peer.close();
    await Promise.all([checkpoint.close(), engine.dispose(), lanes.close()]);
  }
}

async function gemmRows(size: number, rounds: number): Promise<ResultRow[]> {
  const python = findPython(["numpy"]);
  if (python === undefined) {
    console.log("forward: NumPy is not measured; it needs a Python that has it");
    return [];
  }
  const isRelaxed = hasRelaxedSimd();
  const memory = new KernelMemory(1024, kernelModule(isRelaxed ? "kernels-relaxed.wasm" : "kernels.wasm"));
  const [a, b] = [memory.place(sample("normal", size * size, 1)), memory.place(sample("normal", size * size, 2))];
  const [c, scratch] = [memory.room(4 * size * size), memory.room(scratchBytes.gemm)];
  const ours = (): number => {
    const started = performance.now();
    memory.kernels.gemm(size, size, size, 1, a, size, b, size, 1, c, size, 0, scratch);
    return (performance.now() - started) / 1000;
  };
  const blas = new LineProcess(python, [path.join(__dirname, "gemmPeer.py"), String(size)], { OPENBLAS_NUM_THREADS: "1" });
  try {
    const { version } = await blas.answer<{ version: string }>();
    const theirs = async (): Promise<number> => (await blas.ask<{ seconds: number }>("multiply")).seconds;
    // Calls of which the fastest counts: as many as take some hundred milliseconds.
    const calls = 8;
    ours();
    await theirs();
    const [mine, other]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      mine.push(Math.min(...Array.from({ length: calls }, ours)));
      let fastest = Infinity;
      for (let call = 0; call < calls; call++) fastest = Math.min(fastest, await theirs());
      other.push(fastest);
    }
    const bar = { atLeast: isRelaxed ? 0.4 : 0.34 };
    return [raceRow("forward", `product of two matrices of ${size}², one thread`, mine, `NumPy ${version}`, other, bar)];
  } finally {
    blas.close();
  }
}
