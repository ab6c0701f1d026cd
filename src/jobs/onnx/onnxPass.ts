import { totalmem } from "node:os";
import { UsageError } from "../../core/errors";
import { limits } from "../../core/limits";
import type { OnnxDescription } from "../../core/model/onnx/onnxDescription";
import type { JobRun } from "../jobRun";
import { shareOut } from "../model/forwardPass";
import type { ScoredTokens } from "../model/headPass";
import type { ReadyPass } from "../model/readyPass";
import type { OnnxSession } from "./onnxSession";

/**
 * Runs an ONNX model on some sequences, one after the other, and keeps the logits of the scored tokens.
 *
 * @param sequenceBytes what a sequence adds to the job's progress
 * @throws FormatError `onnx.cannot-run`; CancelledError between two sequences
 */
export async function runOnnx(
  run: JobRun,
  session: OnnxSession,
  { vocabulary }: OnnxDescription,
  sequences: readonly Int32Array[],
  { tokens }: Pick<ScoredTokens, "tokens">,
  threads: number,
  sequenceBytes: number,
): Promise<ReadyPass> {
  const logits = new SharedArrayBuffer(4 * vocabulary * tokens.length);
  const values = new Float32Array(logits);
  let start = 0;
  let first = 0;
  for (const ids of sequences) {
    const end = start + ids.length;
    const positions = tokens.filter((token) => token >= start && token < end).map((token) => token - start);
    await session.run({ ids, positions }, ({ row, logits: some }) => values.set(some, (first + row) * vocabulary));
    run.count(sequenceBytes);
    first += positions.length;
    start = end;
  }
  const lengths = sequences.map((ids) => ids.length);
  return { logits, vocabulary, parts: shareOut(lengths, threads) };
}

/**
 * Refuses sequences whose logits take too much memory: ONNX Runtime gives those of all tokens, of which the scored ones are kept.
 *
 * @param length tokens of the longest
 * @throws UsageError `too-large`
 */
export function checkLogits({ vocabulary }: OnnxDescription, length: number, machineBytes = totalmem()): void {
  const bytes = 2 * 4 * vocabulary * length;
  const most = Math.min(limits.forwardBytes, machineBytes);
  if (bytes <= most) return;
  const gigabytes = (count: number): string => `${(count / 1e9).toFixed(1)} GB`;
  throw new UsageError("too-large", "The logits would take more memory than there is", {
    expected: `at most ${gigabytes(most)}`,
    found: `${gigabytes(bytes)}: ${length} tokens, and a vocabulary of ${vocabulary}`,
    hint: "Give fewer tokens, or a smaller --context.",
  });
}
