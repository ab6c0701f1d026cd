import { UsageError } from "../errors";

/**
 * Which ids of a window are scored: of `llama-perplexity` those of its second half, which have at least half a window before them (the
 * figures that llama.cpp's users compare); of `plain` all but the first.
 */
export type PerplexityProtocol = "llama-perplexity" | "plain";

/** All of them; the usual one comes first. */
export const perplexityProtocols: readonly PerplexityProtocol[] = ["llama-perplexity", "plain"];

/** Fewest ids of a window: each protocol then has something to score. */
const shortestWindow = 4;

/**
 * Refuses windows that cannot be scored.
 *
 * @throws UsageError `no-ids`, `bad-context`
 */
export function checkWindows(windows: readonly Int32Array[]): void {
  const length = windows[0]?.length;
  if (length === undefined) throw new UsageError("no-ids", "There are no windows to measure perplexity on", { expected: "at least one" });
  const wrong = windows.find((window) => window.length !== length || length < shortestWindow);
  if (!wrong) return;
  throw new UsageError("bad-context", `Perplexity cannot be measured on windows of ${wrong.length} tokens`, {
    expected: `windows of one length, at least ${shortestWindow} tokens`,
    found: String(wrong.length),
  });
}

/**
 * Cuts ids into windows that follow each other; what is left at the end is dropped.
 *
 * @param length ids of a window
 * @param bos takes the place of each window's first id, where the model begins every text with it
 * @throws UsageError `too-few-ids`
 */
export function windowsOf(ids: Int32Array, length: number, bos?: number): Int32Array[] {
  const count = Math.floor(ids.length / length);
  if (count === 0) {
    throw new UsageError("too-few-ids", "The text is too short to measure perplexity", {
      expected: `at least ${length} tokens`,
      found: String(ids.length),
      hint: "Give a longer text, or a smaller --context.",
    });
  }
  return Array.from({ length: count }, (_, i) => {
    const window = ids.slice(i * length, (i + 1) * length);
    if (bos !== undefined) window[0] = bos;
    return window;
  });
}

/** Position in a window of the first token whose next id is scored. */
export function firstScored(length: number, protocol: PerplexityProtocol): number {
  return protocol === "plain" ? 0 : Math.floor(length / 2);
}

/** The tokens of windows whose next ids are scored, and those ids. */
export function scoredTokens(
  windows: readonly Int32Array[],
  protocol: PerplexityProtocol,
): { readonly tokens: Int32Array; readonly targets: Int32Array } {
  const tokens: number[] = [];
  const targets: number[] = [];
  let start = 0;
  for (const window of windows) {
    for (let position = firstScored(window.length, protocol); position + 1 < window.length; position++) {
      tokens.push(start + position);
      targets.push(window[position + 1]!);
    }
    start += window.length;
  }
  return { tokens: Int32Array.from(tokens), targets: Int32Array.from(targets) };
}
