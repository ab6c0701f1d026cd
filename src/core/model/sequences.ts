import { UsageError } from "../errors";

/** What sequences a model can be given. */
export interface ReadableSequences {
  /** Ids are below it. */
  readonly vocabulary: number;
  /** Longest sequence. */
  readonly context: number;
  /** The only length there is, of a model that was exported for one. */
  readonly length?: number;
}

/**
 * Refuses ids that a model cannot be given.
 *
 * @throws UsageError `no-ids`, `bad-id`, `too-long`, `bad-length`
 */
export function checkSequences({ vocabulary, context, length }: ReadableSequences, sequences: readonly Int32Array[]): void {
  for (const ids of sequences) {
    if (ids.length === 0) throw new UsageError("no-ids", "There are no token ids to run the model on", { expected: "at least one id" });
    if (ids.length > context) {
      throw new UsageError("too-long", `The model has a context of ${context} tokens, not ${ids.length}`, {
        expected: `at most ${context} ids`,
        found: String(ids.length),
        hint: "Give fewer ids, or a smaller --context.",
      });
    }
    if (length !== undefined && ids.length !== length) {
      throw new UsageError("bad-length", `The model was exported for sequences of ${length} tokens`, {
        expected: `${length} ids`,
        found: String(ids.length),
        hint: "Give as many ids, or that --context.",
      });
    }
    const wrong = ids.find((id) => id < 0 || id >= vocabulary);
    if (wrong !== undefined) {
      throw new UsageError("bad-id", `The model has no token with the id ${wrong}`, {
        expected: `0 to ${vocabulary - 1}`,
        found: String(wrong),
        hint: "The ids were made by another model's tokenizer.",
      });
    }
  }
}

/** Tokens that a thread works on at a time, at most: more only for a longer sequence. */
export const mostTokens = 1024;

/** Groups of neighbouring sequences of about `tokens` tokens, at least one each, as the lengths of their sequences. */
export function groupSequences(lengths: readonly number[], tokens: number): number[][] {
  const groups: number[][] = [];
  let filled = Infinity;
  for (const length of lengths) {
    if (filled + length > tokens) {
      groups.push([]);
      filled = 0;
    }
    groups[groups.length - 1]!.push(length);
    filled += length;
  }
  return groups;
}
