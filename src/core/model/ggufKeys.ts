import { findDecoder } from "../decode/decoder";
import { FormatError } from "../errors";
import { metadataValue } from "../formats/gguf/header";
import { limits } from "../limits";
import { unavailability } from "../tensor/availability";
import type { Checkpoint } from "../tensor/checkpoint";
import { findDType } from "../tensor/dtype";

/** The keys of a GGUF file that describe its model, read with checks, and its few tensors that do. */
export class GgufKeys {
  constructor(
    private readonly checkpoint: Checkpoint,
    /** `general.architecture`. */
    readonly architecture: string,
    /** Values of tensors that hold factors of positions, by name. */
    private readonly factors: ReadonlyMap<string, number[]>,
  ) {}

  /** Reads what a description needs of the file. @throws FormatError `model.no-architecture` and what reading throws */
  static async of(checkpoint: Checkpoint): Promise<GgufKeys> {
    const { architecture } = checkpoint;
    if (architecture === undefined) {
      throw new FormatError("model.no-architecture", "The file does not say what kind of model it is", {
        expected: "the key general.architecture",
        found: "nothing",
      });
    }
    const factors = new Map<string, number[]>();
    for (const name of factorTensors) {
      const values = await readFactors(checkpoint, name);
      if (values) factors.set(name, values);
    }
    return new GgufKeys(checkpoint, architecture, factors);
  }

  /** @throws FormatError `model.bad-key` for a value that is no finite number */
  number(key: string): number | undefined {
    const name = `${this.architecture}.${key}`;
    const entry = this.checkpoint.metadata.find((candidate) => candidate.key === name);
    if (!entry) return undefined;
    const value = Number(entry.value ?? NaN);
    if (Number.isFinite(value)) return value;
    throw this.bad(key, "one number", entry.value === undefined ? entry.type : String(entry.value));
  }

  text(key: string): string | undefined {
    const value = metadataValue(this.checkpoint.metadata, `${this.architecture}.${key}`);
    return typeof value === "string" ? value : undefined;
  }

  /** A number above 0. @throws FormatError `model.bad-key` */
  needed(key: string): number {
    const value = this.number(key);
    if (value !== undefined && value > 0) return value;
    throw this.bad(key, "a number above 0", value === undefined ? "nothing" : String(value));
  }

  /** A whole number above 0 of at most 32 bits. @throws FormatError `model.bad-key` */
  count(key: string): number {
    const value = this.needed(key);
    if (Number.isInteger(value) && value < 2 ** 32) return value;
    throw this.bad(key, "a whole number of at most 32 bits", String(value));
  }

  /** The same for what may be left out. */
  optionalCount(key: string): number | undefined {
    return this.number(key) === undefined ? undefined : this.count(key);
  }

  /** Factors of `pairs` pairs. @throws FormatError `model.bad-key` */
  factorsOf(name: (typeof factorTensors)[number], pairs: number): number[] | undefined {
    const found = this.factors.get(name);
    if (!found || found.length === pairs) return found;
    throw new FormatError("model.wrong-shape", `${name} is for another number of rotary dimensions`, {
      tensor: name,
      expected: `${pairs} values`,
      found: String(found.length),
    });
  }

  private bad(key: string, expected: string, found: string): FormatError {
    return new FormatError("model.bad-key", `The file has no usable ${this.architecture}.${key}`, {
      expected,
      found,
      hint: "The file is incomplete, or made for another program.",
    });
  }
}

/** Tensors that hold divisors of rotary frequencies. */
export const factorTensors = ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"] as const;

async function readFactors(checkpoint: Checkpoint, name: string): Promise<number[] | undefined> {
  const info = checkpoint.tensors.find((tensor) => tensor.name === name);
  if (!info) return undefined;
  const [length = 0] = info.shape;
  const decoder = findDecoder(info.dtype);
  const type = findDType(info.dtype);
  const file = checkpoint.files[info.file]?.file;
  const isUsable = info.shape.length === 1 && length <= limits.headDimension && !unavailability(checkpoint, info);
  if (!isUsable || !file || !type || !decoder || length % type.blockSize !== 0) {
    throw new FormatError("model.wrong-shape", `${name} cannot be read`, {
      tensor: name,
      expected: "a vector of numbers",
      found: `${info.dtype} of ${info.shape.join(" × ")}`,
    });
  }
  const bytes = new Uint8Array((length / type.blockSize) * type.blockBytes);
  await file.read(info.offset, bytes);
  const values = new Float32Array(length);
  decoder.decode(bytes, values);
  return [...values];
}
