/** A vocabulary as merging sees it. */
export interface Merging {
  idOf(text: string): number | undefined;
  scoreOf(id: number): number;
}

/** Two neighbours that make a token. */
interface Pair {
  score: number;
  left: number;
  /** Of both: shows whether either has grown since. */
  length: number;
}

/**
 * Merges the characters of a text: always the two neighbours whose token has the highest score, of equal ones the leftmost,
 * until no two make a token. The symbols that remain are tokens or single characters.
 */
export function mergeByScore(text: string, { idOf, scoreOf }: Merging): string[] {
  const symbols: string[] = Array.from(text);
  const next = Int32Array.from(symbols, (_, i) => (i + 1 < symbols.length ? i + 1 : -1));
  const previous = Int32Array.from(symbols, (_, i) => i - 1);
  const queue: Pair[] = [];
  const consider = (left: number): void => {
    const right = left < 0 ? -1 : next[left]!;
    if (right < 0) return;
    const merged = symbols[left]! + symbols[right]!;
    const id = idOf(merged);
    if (id !== undefined) push(queue, { score: scoreOf(id), left, length: merged.length });
  };
  for (let left = 0; left + 1 < symbols.length; left++) consider(left);
  for (let best = pop(queue); best; best = pop(queue)) {
    const { left, length } = best;
    const right = next[left]!;
    // One of them was merged with another neighbour meanwhile.
    if (symbols[left] === "" || right < 0 || symbols[left]!.length + symbols[right]!.length !== length) continue;
    symbols[left] += symbols[right]!;
    symbols[right] = "";
    const after = next[right]!;
    next[left] = after;
    if (after >= 0) previous[after] = left;
    consider(previous[left]!);
    consider(left);
  }
  return symbols.filter((symbol) => symbol !== "");
}

const isBefore = (a: Pair, b: Pair): boolean => a.score > b.score || (a.score === b.score && a.left < b.left);

/** Adds to a binary heap, whose first element is the one to take. */
function push(heap: Pair[], pair: Pair): void {
  let at = heap.push(pair) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(pair, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = pair;
}

function pop(heap: Pair[]): Pair | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
