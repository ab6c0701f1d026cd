import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliFile } from "../support/cli";
import { timeCommand } from "./command";
import { Lanes } from "./lanes";
import { writeWeights } from "./largeFiles";
import { findLlamaQuantizer, type LlamaQuantizer } from "./llamaQuantizer";
import { peakResident } from "./memoryBench";
import { median, raceRow, type ResultRow, timing } from "./results";

/** Types of the bars with llama.cpp's numbers of them (`llama_ftype`). */
const fileTypes = [
  ["Q8_0", 7],
  ["Q4_0", 2],
  ["Q4_K_M", 15],
  ["Q6_K", 18],
  ["Q2_K", 10],
] as const;

const bar = { atLeast: 1.5 };
const limitMB = 600;
const sampleFolder = path.join(__dirname, "..", "..", "media", "sample");

/** A Llama of 75 M weights with the sample's tokenizer, as Hugging Face has it. */
function writeModel(folder: string): void {
  mkdirSync(folder);
  for (const name of ["tokenizer.json", "tokenizer.model", "tokenizer_config.json", "special_tokens_map.json"]) {
    copyFileSync(path.join(sampleFolder, name), path.join(folder, name));
  }
  const [hidden, inner, layers, heads, keyHeads, vocabulary] = [1024, 2816, 6, 16, 4, 2048];
  const config = JSON.parse(readFileSync(path.join(sampleFolder, "config.json"), "utf8")) as Record<string, unknown>;
  Object.assign(config, {
    hidden_size: hidden,
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyHeads,
    head_dim: hidden / heads,
  });
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
  const keys = (hidden / heads) * keyHeads;
  const layer: Readonly<Record<string, readonly number[]>> = {
    "input_layernorm.weight": [hidden],
    "self_attn.q_proj.weight": [hidden, hidden],
    "self_attn.k_proj.weight": [keys, hidden],
    "self_attn.v_proj.weight": [keys, hidden],
    "self_attn.o_proj.weight": [hidden, hidden],
    "post_attention_layernorm.weight": [hidden],
    "mlp.gate_proj.weight": [inner, hidden],
    "mlp.up_proj.weight": [inner, hidden],
    "mlp.down_proj.weight": [hidden, inner],
  };
  const tensors: [string, readonly number[]][] = [
    ["model.embed_tokens.weight", [vocabulary, hidden]],
    ...Array.from({ length: layers }, (_, index) =>
      Object.entries(layer).map(([name, shape]): [string, readonly number[]] => [`model.layers.${index}.${name}`, shape]),
    ).flat(),
    ["model.norm.weight", [hidden]],
    ["lm_head.weight", [vocabulary, hidden]],
  ];
  writeWeights(
    path.join(folder, "model.safetensors"),
    "F32",
    tensors.map(([, shape]) => shape),
    tensors.map(([name]) => name),
  );
}

/** The most memory that writing a file takes, of the whole command. */
async function residentMB(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [cliFile, ...args], { stdio: "ignore" });
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakResident(child.pid!) ?? 0)), 10);
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`quantscope ${args.join(" ")} exited with ${code}`);
  return peak / 1e6;
}

/** Seconds until what was written to a file is on the disk. */
function syncSeconds(file: string): number {
  const started = performance.now();
  const handle = openSync(file, "r+");
  fsyncSync(handle);
  closeSync(handle);
  return (performance.now() - started) / 1000;
}

/** One type with one number of threads. */
interface Race {
  source: string;
  /** A path for either's file. */
  target: string;
  type: string;
  fileType: number;
  threads: number;
}

/** Seconds of every round. */
interface Rounds {
  /** The whole command, and of it the job: reading, quantizing, writing, and having the file on the disk. */
  ours: Record<"process" | "job", number[]>;
  /** The whole process, the call inside, and having the file on the disk, which it leaves to the system. */
  theirs: Record<"process" | "call" | "sync", number[]>;
  /** Cores there were for two threads. */
  cores: number[];
}

async function measure(llama: LlamaQuantizer, lanes: Lanes, { source, target, type, fileType, threads }: Race, rounds: number) {
  const found: Rounds = { ours: { process: [], job: [] }, theirs: { process: [], call: [], sync: [] }, cores: [] };
  const args = ["quantize", source, "--to", "gguf", "--type", type, "--out", target, "--threads", String(threads)];
  for (let round = 0; round < rounds; round++) {
    console.error(`quantize: ${type}, ${threads} ${threads === 1 ? "thread" : "threads"}, round ${round + 1} of ${rounds}`);
    const { seconds, report } = await timeCommand<{ elapsedMs: number }>(args);
    found.ours.process.push(seconds);
    found.ours.job.push(report.elapsedMs / 1000);
    const { size } = statSync(target);
    rmSync(target);
    const run = await llama.run(source, target, fileType, threads);
    found.theirs.process.push(run.process);
    found.theirs.call.push(run.call);
    // Else the system would write their file while ours is measured.
    found.theirs.sync.push(syncSeconds(target));
    assert.ok(Math.abs(statSync(target).size - size) < size / 1000, `${type}: the files differ in size`);
    rmSync(target);
    if (threads === 2) found.cores.push(await lanes.cores());
  }
  return found;
}

function rowsOf(llama: LlamaQuantizer, megabytes: number, { type, threads }: Race, { ours, theirs, cores }: Rounds): ResultRow[] {
  const name = `${megabytes} MB F32 to ${type}, threads: ${threads}`;
  const synced = theirs.call.map((seconds, round) => seconds + theirs.sync[round]!);
  const row = (what: string, mine: number[], how: string, peer: number[], judged?: typeof bar): ResultRow => ({
    ...raceRow("quantize", `${name}, ${what}`, mine, `${llama.name}, ${how}`, peer, judged),
    ...(threads === 2 ? { cores: median(cores) } : {}),
  });
  return [
    // No bar: the peer's figure is of its C functions, which need no process. Where a file takes a fraction of a second, half
    // of the command is the start of Node and of its threads.
    row("whole command", ours.process, "whole process", theirs.process),
    row("job alone", ours.job, "call alone", theirs.call, bar),
    row("job alone", ours.job, "call alone, then synced", synced),
  ];
}

/**
 * Writing whole files: the command against llama.cpp's quantizer as a program, process against process and job against call;
 * the latter is judged.
 * The command has its file on the disk before it ends, llama.cpp's quantizer never asks for that; what it would cost is
 * measured apart, and the rows named "then synced" add it.
 */
export async function runQuantizeBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const llama = findLlamaQuantizer(at("llama-quantize"));
  if (llama === undefined) {
    console.log("quantize: not measured; it needs `node scripts/setup.mjs ggml`");
    return [];
  }
  const folder = at("model");
  writeModel(folder);
  const source = at("model-f32.gguf");
  await timeCommand(["quantize", folder, "--to", "gguf", "--type", "F32", "--out", source]);
  const lanes = new Lanes(2);
  const rows: ResultRow[] = [];
  const megabytes = Math.round(statSync(source).size / 1e6);
  console.log('quantize: ours syncs its file to the disk, llama.cpp\'s quantizer does not; rows named "then synced" add what that takes');
  try {
    for (const [type, fileType] of fileTypes) {
      for (const threads of [1, 2]) {
        const race = { source, target: at(`${type}.gguf`), type, fileType, threads };
        rows.push(...rowsOf(llama, megabytes, race, await measure(llama, lanes, race, rounds)));
      }
    }
    const memory = await residentMB(["quantize", source, "--to", "gguf", "--type", "Q4_K_M", "--out", at("memory.gguf"), "--threads", "2"]);
    rows.push({ part: "quantize", name: "resident at most", unit: "MB", ours: timing([memory]), bar: { atMost: limitMB } });
  } finally {
    await lanes.close();
  }
  return rows;
}
