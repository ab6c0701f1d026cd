import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { cliFile } from "../support/cli";
import { libraryFolder } from "../support/ggml";
import { timeCommand } from "./command";
import { Lanes } from "./lanes";
import { writeWeights } from "./largeFiles";
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

/** llama.cpp's quantizer, which lives through all rounds. */
function startLlama() {
  const child = spawn(process.execPath, [path.join(__dirname, "llamaPeer.cjs")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async seconds(source: string, target: string, fileType: number, threads: number): Promise<number> {
      child.stdin.write(`${JSON.stringify({ source, target, fileType, threads })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("llama.cpp's quantizer ended early");
      const answer = JSON.parse(value) as { done: boolean; seconds: number };
      if (!answer.done) throw new Error(`llama.cpp could not quantize to file type ${fileType}`);
      return answer.seconds;
    },
    close: () => child.stdin.end(),
  };
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

/** Writing whole files, the command from start to end, against llama.cpp's quantizer in a process that runs already. */
export async function runQuantizeBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  if (libraryFolder() === undefined) {
    console.log("quantize: not measured; it needs `node scripts/setup.mjs oracles`");
    return [];
  }
  const folder = at("model");
  writeModel(folder);
  const source = at("model-f32.gguf");
  await timeCommand(["quantize", folder, "--to", "gguf", "--type", "F32", "--out", source]);
  const llama = startLlama();
  const lanes = new Lanes(2);
  const rows: ResultRow[] = [];
  const megabytes = Math.round(statSync(source).size / 1e6);
  try {
    for (const [type, fileType] of fileTypes) {
      for (const threads of [1, 2]) {
        const [ours, theirs, cores]: [number[], number[], number[]] = [[], [], []];
        for (let round = 0; round < rounds; round++) {
          console.error(`quantize: ${type}, ${threads} ${threads === 1 ? "thread" : "threads"}, round ${round + 1} of ${rounds}`);
          const target = at(`ours-${type}.gguf`);
          ours.push(
            (await timeCommand(["quantize", source, "--to", "gguf", "--type", type, "--out", target, "--threads", String(threads)]))
              .seconds,
          );
          theirs.push(await llama.seconds(source, at(`theirs-${type}.gguf`), fileType, threads));
          if (threads === 2) cores.push(await lanes.cores());
          rmSync(target);
        }
        const row = raceRow("quantize", `${megabytes} MB F32 to ${type}, threads: ${threads}`, ours, "llama.cpp's quantizer", theirs, bar);
        rows.push(threads === 2 ? { ...row, cores: median(cores) } : row);
      }
    }
    const memory = await residentMB(["quantize", source, "--to", "gguf", "--type", "Q4_K_M", "--out", at("memory.gguf"), "--threads", "2"]);
    rows.push({ part: "quantize", name: "resident at most", unit: "MB", ours: timing([memory]), bar: { atMost: limitMB } });
  } finally {
    llama.close();
    await lanes.close();
  }
  return rows;
}
