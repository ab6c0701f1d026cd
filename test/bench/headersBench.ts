import { readFileSync, writeFileSync } from "node:fs";
import { gguf } from "@huggingface/gguf";
import { openPath } from "../../src/io/openPath";
import { randomFrom } from "../support/distributions";
import { ggufF32, ggufString, ggufStrings, type GgufValue, writeGguf } from "../support/ggufWriter";
import { writeManyTensors } from "./manyTensors";
import { type Bar, raceRow, type ResultRow, type Timing, timing } from "./results";

const tensorCount = 50_000;
const tokenCount = 128_256;
const mergeCount = 280_147;

/** The vocabulary of a Llama 3, in size and in the lengths of its strings. */
function writeVocabulary(file: string): void {
  const random = randomFrom(3);
  const word = (): string =>
    `${random() < 0.5 ? "Ġ" : ""}${Array.from({ length: 2 + Math.floor(random() * 9) }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("")}`;
  const types: GgufValue = { type: "array", of: "i32", values: Array.from({ length: tokenCount }, () => ({ type: "i32", value: 1 })) };
  writeFileSync(
    file,
    writeGguf({
      metadata: [
        ["general.architecture", ggufString("llama")],
        ["tokenizer.ggml.tokens", ggufStrings(Array.from({ length: tokenCount }, word))],
        ["tokenizer.ggml.token_type", types],
        ["tokenizer.ggml.merges", ggufStrings(Array.from({ length: mergeCount }, () => `${word()} ${word()}`))],
      ],
      tensors: Array.from({ length: 291 }, (_, index) => ggufF32(`blk.${index}.weight`, [4, 2])),
    }),
  );
}

/** What JSON.parse alone needs, without checks and without a list. */
function parseJson(file: string): void {
  const content = readFileSync(file);
  JSON.parse(content.toString("utf8", 8, 8 + Number(content.readBigUInt64LE(0))));
}

async function seconds(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function race(name: string, file: string, against: string, peer: () => unknown, bar: Bar, rounds: number): Promise<ResultRow[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const open = async (): Promise<void> => (await openPath(file)).close();
  const cold = await seconds(open);
  for (let i = 0; i < 3; i++) await open();
  for (let round = 0; round < rounds; round++) {
    ours.push(await seconds(open));
    theirs.push(await seconds(peer));
  }
  const row = raceRow("headers", name, ours, against, theirs, bar);
  return [
    { ...row, unit: "ms", ours: inMs(row.ours), peer: inMs(row.peer!) },
    { part: "headers", name: `${name}, first time in the process`, unit: "ms", ours: inMs(timing([cold])) },
  ];
}

function inMs({ best, median }: Timing): Timing {
  return { best: best * 1000, median: median * 1000 };
}

/** Opening a checkpoint (header, no values) inside a running process. */
export async function runHeadersBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const many = at("many.safetensors");
  const vocabulary = at("vocabulary.gguf");
  writeManyTensors(many, tensorCount);
  writeVocabulary(vocabulary);
  return [
    ...(await race("safetensors, 50,000 tensors", many, "JSON.parse alone", () => parseJson(many), { atMost: 150 }, rounds)),
    ...(await race(
      "GGUF, 128,256 tokens and 280,147 merges",
      vocabulary,
      "@huggingface/gguf",
      () => gguf(vocabulary, { allowLocalFile: true }),
      { atMost: 30 },
      rounds,
    )),
  ];
}
