const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** `bytes` as text, or undefined when they are not valid UTF-8. A byte order mark is kept as a character. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * `bytes` as text that shows what is there: valid UTF-8 as it is, each byte that belongs to no valid sequence as `\xHH`.
 * Unlike replacement characters this keeps different byte strings different.
 */
export function showUtf8(bytes: Uint8Array): string {
  const whole = decodeUtf8(bytes);
  if (whole !== undefined) return whole;
  const parts: string[] = [];
  let from = 0;
  while (from < bytes.length) {
    const bad = findInvalidUtf8(bytes, from);
    const end = bad < 0 ? bytes.length : bad;
    parts.push(lenient.decode(bytes.subarray(from, end)));
    if (bad >= 0) parts.push(`\\x${bytes[bad]!.toString(16).toUpperCase().padStart(2, "0")}`);
    from = end + 1;
  }
  return parts.join("");
}

/** Index of the first byte at or after `from` that starts no valid UTF-8 sequence; -1 when there is none. */
export function findInvalidUtf8(bytes: Uint8Array, from = 0): number {
  let at = from;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** Bytes of the UTF-8 sequence at `at` (Unicode 16, table 3-7); 0 when it is not well-formed. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let index = 2; index < length; index++) {
    if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Bytes as people read them in dumps: `47 47 55 46`. */
export function hexBytes(bytes: Uint8Array, count = 8): string {
  return Array.from(bytes.subarray(0, count), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** A name for messages: quoted, cut to a readable length, control characters escaped. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 117)}…` : name);
}

/** A shape for messages, cut after eight dimensions: `[2048, 256]`. */
export function showShape(shape: readonly number[]): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""}]`;
}

/** A byte count for messages, with separators: `1,234 bytes`. */
export function countBytes(bytes: number): string {
  return `${countOf(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
}

/** A whole number with separators: `1,234,567`. */
export function countOf(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
