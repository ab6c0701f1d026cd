import { UsageError } from "../core/errors";
import { datBytes, type ImportanceEntry, type ImportanceFile, imatrixGgufBytes } from "../core/formats/imatrix/writer";
import { describeModel } from "../core/model/describe";
import type { ModelDescription } from "../core/model/modelDescription";
import { checkSequences } from "../core/model/sequences";
import { ggufName } from "../core/recipe/tensorNames";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { writeFileAtomically } from "../io/atomicFile";
import type { JobContext } from "./contract";
import { checkNotInput } from "./inputFiles";
import { JobRun, type TaskRunner } from "./jobRun";
import { ForwardPass } from "./model/forwardPass";
import { layersSize } from "./model/forwardSize";
import { listenToLayer } from "./model/listen";

export interface ImatrixInput {
  checkpoint: Checkpoint;
  /** Token ids that the model is run on, all of the same length: llama.cpp's chunks. */
  samples: readonly Int32Array[];
  /** What the text was: its name is in the file. */
  dataset: string;
  /** The file to write: of llama.cpp's older kind if it ends in .dat, else GGUF. */
  out: string;
}

export interface ImatrixReport {
  chunks: number;
  tokens: number;
  /** Weights with an importance. */
  entries: number;
  out: string;
  /** Of the file. */
  bytes: number;
  elapsedMs: number;
}

/** Values of the stream that are held at once at most: longer texts run in several passes, each from the first layer to the last. */
const passValues = 2 ** 26;

/** llama.cpp takes no figures of batches below this. */
const fewestTokens = 16;

/**
 * Makes an importance matrix: mean squares of what enters each column of the weights of a model's blocks, over the tokens of a text, as
 * `llama-imatrix` does.
 *
 * @param mostValues of the stream that are held at once
 * @throws UsageError `bad-samples`, `bad-id`, `too-long`, `too-large`, `output-is-input`; FormatError for models that
 *   cannot be run and files that cannot be written; CancelledError
 */
export async function makeImatrix(
  pool: TaskRunner,
  input: ImatrixInput,
  context: JobContext,
  mostValues = passValues,
): Promise<ImatrixReport> {
  const startedAt = performance.now();
  const { checkpoint, samples, dataset, out } = input;
  const chunkTokens = checkSamples(samples);
  await checkNotInput(checkpoint, out);
  const description = await describeModel(checkpoint);
  checkSequences(description, samples);
  const each = Math.max(1, Math.floor(mostValues / (description.hidden * chunkTokens)));
  const passes = Array.from({ length: Math.ceil(samples.length / each) }, (_, i) => samples.slice(i * each, (i + 1) * each));
  const size = layersSize(
    checkpoint,
    description,
    passes[0]!.map((ids) => ids.length),
    pool.threads,
  );
  const entries = await JobRun.run(pool, context, { ...size, bytes: passes.length * size.bytes }, async (run) => {
    const sums = new Map<string, Sums>();
    for (const chunks of passes) await addPass(run, new ForwardPass(run, checkpoint, description, chunks, pool.threads), description, sums);
    return [...sums].map(([name, entry]): ImportanceEntry => ({ name: storedName(name, checkpoint), ...entry }));
  });
  const file: ImportanceFile = { entries, chunks: samples.length, chunkTokens, dataset };
  const bytes = /\.dat$/i.test(out) ? datBytes(file) : imatrixGgufBytes(file);
  await writeFileAtomically(out, (handle) => handle.writeFile(bytes), context.signal);
  const tokens = samples.length * chunkTokens;
  return { chunks: samples.length, tokens, entries: entries.length, out, bytes: bytes.length, elapsedMs: performance.now() - startedAt };
}

function checkSamples(samples: readonly Int32Array[]): number {
  const length = samples[0]?.length ?? 0;
  if (length >= fewestTokens && samples.every((ids) => ids.length === length)) return length;
  throw new UsageError("bad-samples", "An importance matrix is made of chunks of equal length", {
    expected: `chunks of at least ${fewestTokens} tokens`,
    found: samples.length === 0 ? "none" : `one of ${length} tokens`,
    hint: "Choose longer chunks, with --context.",
  });
}

/** Over all passes so far. */
interface Sums {
  squares: Float64Array;
  rows: number;
}

/** Adds what enters each weight, by its name in the checkpoint. */
async function addPass(run: JobRun, pass: ForwardPass, { layers }: ModelDescription, sums: Map<string, Sums>): Promise<void> {
  await pass.embed();
  for (let layer = 0; layer < layers.length; layer++) {
    const weights = await pass.loadLayer(layer);
    for (const { tensors, columns, states } of await listenToLayer(run, pass, layer, weights, { runsOn: true, stops: [pass.samples] })) {
      for (const name of tensors) {
        const { channelSquares, rows } = states.at(-1)!;
        const all = sums.get(name) ?? { squares: new Float64Array(columns), rows: 0 };
        channelSquares.forEach((sum, column) => (all.squares[column]! += sum));
        all.rows += rows;
        sums.set(name, all);
      }
    }
  }
}

function storedName(name: string, { format, architecture }: Checkpoint): string {
  return format === "gguf" ? name : (ggufName(name, architecture) ?? name);
}
