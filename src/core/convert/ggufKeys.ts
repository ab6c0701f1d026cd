import { metadataValue } from "../formats/gguf/header";
import type { Checkpoint } from "../tensor/checkpoint";

/** The keys of one architecture in a GGUF header. What is needed and not there is remembered, so that all of it can be named at once. */
export class GgufKeys {
  readonly missing: string[] = [];

  constructor(
    private readonly architecture: string,
    private readonly checkpoint: Pick<Checkpoint, "metadata" | "tensors">,
  ) {}

  /** A number of the architecture: `attention.head_count`. Those of 32 bits come as the shortest decimal that means the same. */
  number(key: string): number | undefined {
    return this.general(`${this.architecture}.${key}`);
  }

  /** A number above 0; NaN, and remembered, where there is none. */
  needed(key: string): number {
    const value = this.number(key);
    if (value !== undefined && value > 0) return value;
    if (!this.missing.includes(`${this.architecture}.${key}`)) this.missing.push(`${this.architecture}.${key}`);
    return NaN;
  }

  text(key: string): string | undefined {
    const value = metadataValue(this.checkpoint.metadata, `${this.architecture}.${key}`);
    return typeof value === "string" ? value : undefined;
  }

  /** A number under its whole name: `tokenizer.ggml.bos_token_id`. */
  general(key: string): number | undefined {
    const value = metadataValue(this.checkpoint.metadata, key);
    const found = typeof value === "bigint" ? Number(value) : value;
    return typeof found === "number" && Number.isFinite(found) ? shortest(found) : undefined;
  }

  hasTensor(name: string): boolean {
    return this.checkpoint.tensors.some((tensor) => tensor.name === name);
  }
}

/** The shortest decimal that rounds to the same float32; the number itself where it is none. */
export function shortest(value: number): number {
  if (Math.fround(value) !== value) return value;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
