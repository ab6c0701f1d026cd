import { throwIfAborted, UsageError } from "../errors";
import { countOf } from "../formats/text";
import { limits } from "../limits";
import { chooseNumbers, randomFrom } from "./random";
import type { TextPart, TextSource } from "./textSource";
import type { Tokenizer } from "./tokenizer";

/** Which samples of a text a model is run on. */
export interface SampleChoice {
  /** Tokens of a sample. */
  readonly length: number;
  /** Samples; all that the text has when absent. */
  readonly count?: number;
  /** Takes them from all over the text, the same for the same seed. Without it the first are taken. */
  readonly seed?: number;
}

/** Pieces of a text that are read for samples from all over it: tokenizing gigabytes for a few samples would take hours. */
const readPieces = 16;

/**
 * The tokens of texts one after the other, cut into samples of `length`: what is left at the end is dropped, and where the model
 * begins texts with a BOS token the first of each sample is replaced by it. So do llama.cpp's `llama-perplexity` and `llama-imatrix`.
 */
export async function* tokenWindows(
  parts: AsyncIterable<TextPart>,
  tokenizer: Tokenizer,
  length: number,
  signal?: AbortSignal,
): AsyncGenerator<Int32Array> {
  let window = new Int32Array(length);
  let filled = 0;
  for await (const { text, continues } of parts) {
    throwIfAborted(signal);
    const ids = tokenizer.encode(text, { addSpecial: !continues });
    for (let at = 0; at < ids.length;) {
      const taken = Math.min(length - filled, ids.length - at);
      window.set(ids.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < length) continue;
      if (tokenizer.addsBos && tokenizer.bosId !== undefined) window[0] = tokenizer.bosId;
      yield window;
      window = new Int32Array(length);
      filled = 0;
    }
  }
}

/**
 * Chooses samples of texts.
 *
 * @throws UsageError `bad-samples`, `text-too-short`, `too-much-text`; FormatError for texts that cannot be read
 */
export async function chooseSamples(
  source: TextSource,
  tokenizer: Tokenizer,
  choice: SampleChoice,
  signal?: AbortSignal,
): Promise<Int32Array[]> {
  const { length, count, seed } = choice;
  const most = Math.floor(limits.sampleTokens / length);
  if (!(Number.isInteger(length) && length >= 2 && (count === undefined || (Number.isInteger(count) && count >= 1 && count <= most)))) {
    throw new UsageError("bad-samples", `There are no ${count ?? "such"} samples of ${length} tokens`, {
      expected: `at least 1 sample of at least 2 tokens, at most ${countOf(limits.sampleTokens)} tokens in all`,
      found: count === undefined ? String(length) : `${count} × ${length}`,
    });
  }
  const random = seed === undefined ? undefined : randomFrom(seed);
  const pieces = random && source.pieces > readPieces ? chooseNumbers(readPieces, source.pieces, random) : undefined;
  const wanted = count ?? most;
  const chosen: { place: number; window: Int32Array }[] = [];
  let place = 0;
  for await (const window of tokenWindows(source.parts(pieces), tokenizer, length, signal)) {
    if (chosen.length < wanted) chosen.push({ place, window });
    else if (count === undefined) throw tooMuchText(length, most);
    else if (!random) break;
    else {
      // Each of those seen so far is among the chosen with the same chance.
      const slot = Math.floor(random() * (place + 1));
      if (slot < wanted) chosen[slot] = { place, window };
    }
    place++;
  }
  if (chosen.length > 0) return chosen.sort((a, b) => a.place - b.place).map(({ window }) => window);
  throw new UsageError("text-too-short", `The text has no ${countOf(length)} tokens`, {
    expected: `at least ${countOf(length)} tokens`,
    found: "fewer",
    hint: "Use a longer text, or shorter samples.",
  });
}

function tooMuchText(length: number, most: number): UsageError {
  return new UsageError("too-much-text", "The text is too long to be used whole", {
    expected: `at most ${countOf(most)} samples of ${countOf(length)} tokens`,
    found: "more",
    hint: "Choose a number of samples.",
  });
}
