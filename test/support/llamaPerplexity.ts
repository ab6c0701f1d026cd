import { type Llama, meanNll } from "./llama";

/** Tokens of a window, and the id that begins each: those of the sample's reference figures. */
const [window, bos] = [256, 1];

/**
 * Perplexity of a GGUF file in the real llama.cpp, as llama-perplexity computes it: over windows that begin with the first token of
 * a text, of which the second half is scored.
 */
export function llamaPerplexity(llama: Llama, file: string, text: string): number {
  const model = llama.load(file, window);
  try {
    const ids = model.tokenize(text, true);
    let [sum, count] = [0, 0];
    for (let start = 0; start + window <= ids.length; start += window) {
      const input = [bos, ...ids.slice(start + 1, start + window)];
      const part = meanNll(model.logits(input), model.vocabulary, input, window / 2 + 1);
      sum += part.sum;
      count += part.count;
    }
    return Math.exp(sum / count);
  } finally {
    model.close();
  }
}
