import { negativeLogLikelihoods } from "../core/model/likelihood";
import { checkSequences } from "../core/model/sequences";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { ForwardPass } from "./model/forwardPass";
import { type LogitPass, runHeads } from "./model/headPass";
import { modelSize } from "./modelSize";
import { runOnnx } from "./onnx/onnxPass";
import type { OnnxOptions } from "./onnx/onnxSession";
import { OnnxSessions } from "./onnx/onnxSessions";
import { type ForwardModel, isOnnxModel, storedModel } from "./perplexityModel";

export interface LogitsInput {
  checkpoint: Checkpoint;
  /** Token ids, from position 0 on. */
  ids: Int32Array;
}

export interface LogitsReport {
  /** Of the last position. */
  logits: Float32Array;
  /** Mean negative log-likelihood of each id after the first, in nats; null for a single id. */
  nll: number | null;
  /** Root of the mean square of the stream after the embedding and after every layer; none where ONNX Runtime keeps it to itself. */
  layers: StreamMagnitude[];
  elapsedMs: number;
}

interface StreamMagnitude {
  name: string;
  rms: number;
}

/**
 * What a model answers to some token ids.
 *
 * @throws UsageError for ids that the model cannot be given, and of ONNX models `onnxruntime-missing`, `onnxruntime-broken`;
 *   FormatError for models that cannot be run; CancelledError
 */
export async function computeLogits(
  pool: TaskRunner,
  onnx: OnnxOptions,
  { checkpoint, ids }: LogitsInput,
  context: JobContext,
): Promise<LogitsReport> {
  const startedAt = performance.now();
  const model = await storedModel(checkpoint);
  checkSequences(model.description, [ids]);
  const size = modelSize(model, [ids.length], pool.threads);
  const sessions = new OnnxSessions(onnx);
  const work = async (run: JobRun): Promise<LogitsReport> => {
    const tokens = Int32Array.from(ids.keys());
    const layers: StreamMagnitude[] = [];
    let pass: LogitPass;
    if (isOnnxModel(model)) {
      const session = await sessions.get(checkpoint, model.description);
      pass = await runOnnx(run, session, model.description, [ids], { tokens }, pool.threads, model.bytes);
    } else pass = await runLayers(run, model, ids, pool.threads, layers);
    const last = new SharedArrayBuffer(4 * model.description.vocabulary);
    const targets = tokens.map((token) => ids[token + 1] ?? -1);
    const { likelihoods } = await runHeads(run, [pass], { tokens, targets }, last);
    const scored = ids.length - 1;
    const sum = negativeLogLikelihoods(likelihoods[0]!)
      .subarray(0, scored)
      .reduce((all, value) => all + value, 0);
    return {
      logits: new Float32Array(last),
      nll: scored === 0 ? null : sum / scored,
      layers,
      elapsedMs: performance.now() - startedAt,
    };
  };
  return JobRun.run(pool, context, size, work).finally(() => sessions.close());
}

async function runLayers(
  run: JobRun,
  { checkpoint, description }: ForwardModel,
  ids: Int32Array,
  threads: number,
  layers: StreamMagnitude[],
): Promise<ForwardPass> {
  const pass = new ForwardPass(run, checkpoint, description, [ids], threads);
  layers.push({ name: "embedding", rms: await pass.embed() });
  for (const [index, { name }] of description.layers.entries()) {
    layers.push({ name, rms: await pass.runLayer(index, await pass.loadLayer(index)) });
  }
  return pass;
}
