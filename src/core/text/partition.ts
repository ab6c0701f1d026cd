/**
 * A text in pieces: tokens that are taken as they stand, by number, and the text between them. As in llama.cpp
 * (`tokenizer_st_partition`), longer tokens are looked for first, each from left to right.
 */
export function partition(text: string, tokens: ReadonlyMap<string, number>): (string | number)[] {
  let parts: (string | number)[] = text === "" ? [] : [text];
  for (const token of [...tokens.keys()].sort((a, b) => b.length - a.length)) {
    if (!text.includes(token)) continue;
    parts = parts.flatMap((part) => (typeof part === "string" ? between(part.split(token), tokens.get(token)!) : [part]));
  }
  return parts;
}

function between(texts: readonly string[], id: number): (string | number)[] {
  return texts.flatMap((text, place) => [...(place > 0 ? [id] : []), ...(text === "" ? [] : [text])]);
}
