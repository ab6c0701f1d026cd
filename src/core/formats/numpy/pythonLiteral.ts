/** What the header of an array consists of: the values that Python's `ast.literal_eval` makes of it. */
export type PythonValue = string | number | boolean | null | PythonSequence | PythonDict;

export interface PythonSequence {
  readonly kind: "tuple" | "list";
  readonly items: readonly PythonValue[];
}

export interface PythonDict {
  readonly kind: "dict";
  readonly entries: ReadonlyMap<string, PythonValue>;
}

/** What is not a literal, and where. */
export class PythonSyntaxError extends Error {
  constructor(
    readonly at: number,
    readonly expected: string,
  ) {
    super(expected);
  }
}

/** Deeper nesting is no header of an array: structured types in structured types. */
const maxDepth = 32;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"', "0": "\0" };

/** Parses one literal that fills the text: dictionaries with string keys, tuples, lists, strings, integers, names of constants. */
export function parsePythonLiteral(text: string): PythonValue {
  const parser = new Parser(text);
  const value = parser.value(0);
  parser.skipSpace();
  if (parser.at < text.length) throw new PythonSyntaxError(parser.at, "the end");
  return value;
}

class Parser {
  at = 0;

  constructor(private readonly text: string) {}

  skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }

  value(depth: number): PythonValue {
    if (depth > maxDepth) throw new PythonSyntaxError(this.at, `at most ${maxDepth} levels`);
    this.skipSpace();
    const start = this.text[this.at];
    if (start === "{") return this.dict(depth);
    if (start === "(") return this.sequence("tuple", ")", depth);
    if (start === "[") return this.sequence("list", "]", depth);
    const word = this.match(/[bu]?(?=['"])/y);
    if (word !== undefined) return this.string();
    // Python 2 wrote long integers with an L.
    const number = this.match(/-?\d+(?=L?)/y);
    if (number !== undefined) {
      this.match(/L/y);
      return Number(number);
    }
    const name = this.match(/True|False|None/y);
    if (name === undefined) throw new PythonSyntaxError(this.at, "a literal");
    return name === "None" ? null : name === "True";
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at = pattern.lastIndex;
    return found[0];
  }

  private take(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private expect(character: string): void {
    if (!this.take(character)) throw new PythonSyntaxError(this.at, `"${character}"`);
  }

  private dict(depth: number): PythonDict {
    this.expect("{");
    const entries = new Map<string, PythonValue>();
    while (!this.take("}")) {
      const key = this.value(depth + 1);
      if (typeof key !== "string") throw new PythonSyntaxError(this.at, "a string as key");
      this.expect(":");
      entries.set(key, this.value(depth + 1));
      if (!this.take(",")) {
        this.expect("}");
        break;
      }
    }
    return { kind: "dict", entries };
  }

  private sequence(kind: "tuple" | "list", close: string, depth: number): PythonValue {
    this.at++;
    const items: PythonValue[] = [];
    let commas = 0;
    while (!this.take(close)) {
      items.push(this.value(depth + 1));
      if (this.take(",")) commas++;
      else {
        this.expect(close);
        break;
      }
    }
    // Parentheses around one value without a comma are only parentheses.
    return kind === "tuple" && items.length === 1 && commas === 0 ? items[0]! : { kind, items };
  }

  private string(): string {
    const quote = this.text[this.at++]!;
    let value = "";
    for (;;) {
      const character = this.text[this.at++];
      if (character === undefined || character === "\n") throw new PythonSyntaxError(this.at - 1, "the end of a string");
      if (character === quote) return value;
      value += character === "\\" ? this.escape() : character;
    }
  }

  private escape(): string {
    const code = this.match(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}/y);
    if (code !== undefined) return String.fromCharCode(parseInt(code.slice(1), 16));
    const character = this.text[this.at++] ?? "";
    return escapes[character] ?? `\\${character}`;
  }
}
