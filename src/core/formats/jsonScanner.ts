import { limits } from "../limits";

/** JSON that is not JSON. `at` counts UTF-16 units of the text. */
export class JsonSyntaxError extends Error {
  constructor(
    readonly at: number,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`expected ${expected}, found ${found}`);
  }
}

/** The kinds of JSON values. */
export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const zero = 0x30;
const nine = 0x39;

/** Short strings that are kept to be shared, and what counts as short. */
const recentSlots = 64;
const longestShared = 12;

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** What can make a string end elsewhere than at the next quote: backslashes, and characters that may not stand in one. */
const special = /[\\\p{Cc}]/gu;
const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", "/": "/" };

/**
 * A strict pull reader of JSON (RFC 8259) that, unlike `JSON.parse`, lets its caller see duplicate keys, key order and
 * where everything stands, and limits nesting. Every method consumes one value; callbacks must consume theirs.
 */
export class JsonScanner {
  /** UTF-16 units consumed so far. */
  at = 0;
  private depth = 0;
  /** The first place at or after the last string read that has a backslash or a control character. */
  private specialAt = -1;
  private readonly recent: (string | undefined)[] = new Array<string | undefined>(recentSlots).fill(undefined);

  constructor(readonly text: string) {}

  /** What the next value is, without consuming it. */
  kind(): JsonKind {
    this.skipSpace();
    const code = this.text.charCodeAt(this.at);
    if (code === openBrace) return "object";
    if (code === openBracket) return "array";
    if (code === quote) return "string";
    if (code === 0x2d || (code >= zero && code <= nine)) return "number";
    if (this.text.startsWith("true", this.at) || this.text.startsWith("false", this.at)) return "boolean";
    if (this.text.startsWith("null", this.at)) return "null";
    throw this.unexpected("a value");
  }

  /** Reads an object; `member` is called after each key and its colon, with the key's position. */
  object(member: (key: string, at: number) => void): void {
    this.open(openBrace, "an object");
    if (this.take(closeBrace)) return this.leave();
    do {
      this.skipSpace();
      const at = this.at;
      const key = this.string();
      if (!this.take(colon)) throw this.unexpected('":" after a key');
      member(key, at);
    } while (this.take(comma));
    if (!this.take(closeBrace)) throw this.unexpected('"," or "}"');
    this.leave();
  }

  /** Reads an array; `element` is called before each element. */
  array(element: (index: number) => void): void {
    this.open(openBracket, "an array");
    if (this.take(closeBracket)) return this.leave();
    let index = 0;
    do element(index++);
    while (this.take(comma));
    if (!this.take(closeBracket)) throw this.unexpected('"," or "]"');
    this.leave();
  }

  string(): string {
    this.skipSpace();
    const { text } = this;
    if (text.charCodeAt(this.at) !== quote) throw this.unexpected("a string");
    const start = this.at + 1;
    const end = text.indexOf('"', start);
    if (end < 0) throw this.failure(text.length, "a closing quote");
    if (this.specialAt < start) this.specialAt = this.findSpecial(start);
    if (this.specialAt < end) return this.specialString(start);
    this.at = end + 1;
    return this.slice(start, end);
  }

  /** A number of any form. */
  number(): number {
    this.skipSpace();
    numberPattern.lastIndex = this.at;
    const match = numberPattern.exec(this.text);
    if (!match) throw this.unexpected("a number");
    this.at += match[0].length;
    return Number(match[0]);
  }

  /**
   * A number written as digits only and exactly representable, which counts and offsets must be; undefined for any other
   * value, which is consumed all the same.
   */
  count(): number | undefined {
    this.skipSpace();
    const { text } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    for (;;) {
      const digit = text.charCodeAt(at) - zero;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      at++;
    }
    const next = text.charCodeAt(at);
    const ends =
      next === comma || next === closeBracket || next === closeBrace || next === 0x20 || next === 0x0a || next === 0x0d || next === 0x09;
    const canonical = at === start + 1 || (at > start && text.charCodeAt(start) !== zero);
    if (ends && canonical && Number.isSafeInteger(value)) {
      this.at = at;
      return value;
    }
    this.skip();
    return undefined;
  }

  /** Reads any value and returns its text as it stands in the file. */
  skip(): string {
    const kind = this.kind();
    const start = this.at;
    if (kind === "object") this.object(() => void this.skip());
    else if (kind === "array") this.array(() => void this.skip());
    else if (kind === "string") this.string();
    else if (kind === "number") this.number();
    else this.at += kind === "null" || this.text.startsWith("true", start) ? 4 : 5;
    return this.text.slice(start, this.at);
  }

  /** True when nothing but white space is left. */
  isAtEnd(): boolean {
    this.skipSpace();
    return this.at >= this.text.length;
  }

  /** A part of the text. Short ones repeat (keys, type names), so they are kept and shared. */
  private slice(start: number, end: number): string {
    const { text, recent } = this;
    const length = end - start;
    if (length === 0 || length > longestShared) return text.slice(start, end);
    const slot = (length * 31 + text.charCodeAt(start) * 7 + text.charCodeAt(end - 1)) % recentSlots;
    const known = recent[slot];
    if (known !== undefined && known.length === length && text.startsWith(known, start)) return known;
    return (recent[slot] = text.slice(start, end));
  }

  private findSpecial(from: number): number {
    special.lastIndex = from;
    return special.test(this.text) ? special.lastIndex - 1 : Infinity;
  }

  /** A string with escapes in it, or with characters that have to be escaped and are not. */
  private specialString(start: number): string {
    const { text } = this;
    const parts: string[] = [];
    let at = start;
    let run = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      // Also false for NaN, the end of the text.
      if (!(code >= 0x20)) throw this.failure(at, "a closing quote");
      if (code !== backslash) {
        at++;
        continue;
      }
      parts.push(text.slice(run, at));
      const letter = text[at + 1] ?? "";
      const character = letter === "u" ? String.fromCharCode(this.hexEscape(at)) : escapes[letter];
      if (character === undefined) throw this.failure(at, "an escape sequence");
      parts.push(character);
      at += letter === "u" ? 6 : 2;
      run = at;
    }
    parts.push(text.slice(run, at));
    this.at = at + 1;
    const value = parts.join("");
    if (hasLoneSurrogate(value)) throw this.failure(start, "escapes that form whole characters");
    return value;
  }

  private hexEscape(at: number): number {
    const digits = this.text.slice(at + 2, at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.failure(at, "four hexadecimal digits after \\u");
    return parseInt(digits, 16);
  }

  private open(bracket: number, expected: string): void {
    if (!this.take(bracket)) throw this.unexpected(expected);
    if (++this.depth > limits.jsonDepth) throw this.failure(this.at - 1, `at most ${limits.jsonDepth} levels of nesting`);
  }

  private leave(): void {
    this.depth--;
  }

  private take(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) {
      this.skipSpace();
      if (this.text.charCodeAt(this.at) !== code) return false;
    }
    this.at++;
    return true;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private unexpected(expected: string): JsonSyntaxError {
    return this.failure(this.at, expected);
  }

  private failure(at: number, expected: string): JsonSyntaxError {
    const found = at >= this.text.length ? "the end" : JSON.stringify(this.text.slice(at, at + 16));
    return new JsonSyntaxError(at, expected, found);
  }
}

function hasLoneSurrogate(text: string): boolean {
  return /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/.test(text);
}
