import { describeModel } from "../core/model/describe";
import { negativeLogLikelihoods } from "../core/model/likelihood";
import { checkSequences } from "../core/model/sequences";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { JobContext } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { ForwardPass } from "./model/forwardPass";
import { runHeads } from "./model/headPass";
import { forwardSize } from "./model/forwardSize";

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
  /** Root of the mean square of the stream after the embedding and after every layer. */
  layers: { name: string; rms: number }[];
  elapsedMs: number;
}

/**
 * What a model answers to some token ids.
 *
 * @throws UsageError for ids that the model cannot be given; FormatError for models that cannot be run; CancelledError
 */
export async function computeLogits(pool: TaskRunner, { checkpoint, ids }: LogitsInput, context: JobContext): Promise<LogitsReport> {
  const startedAt = performance.now();
  const description = await describeModel(checkpoint);
  checkSequences(description, [ids]);
  const size = forwardSize(checkpoint, description, [ids.length], pool.threads);
  return JobRun.run(pool, context, size, async (run) => {
    const pass = new ForwardPass(run, checkpoint, description, [ids], pool.threads);
    const layers = [{ name: "embedding", rms: await pass.embed() }];
    for (const [index, { name }] of description.layers.entries()) {
      layers.push({ name, rms: await pass.runLayer(index, await pass.loadLayer(index)) });
    }
    const last = new SharedArrayBuffer(4 * description.vocabulary);
    const tokens = Int32Array.from(ids.keys());
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
  });
}
