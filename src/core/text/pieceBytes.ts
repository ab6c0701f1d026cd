/** The text of tokens from the bytes of each: characters may be cut between tokens. Bytes that are no UTF-8 become U+FFFD. */
export function decodePieces(ids: ArrayLike<number>, bytesOf: (id: number) => Uint8Array): string {
  const parts = Array.from(ids, bytesOf);
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(all);
}
