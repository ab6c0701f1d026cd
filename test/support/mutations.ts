/** A seeded generator (xorshift32): the same mutations in every run. */
export class Random {
  constructor(private state: number) {}

  /** A whole number from 0 to `below` − 1. */
  next(below: number): number {
    let s = this.state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.state = s >>> 0;
    return this.state % below;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.next(choices.length)]!;
  }
}

/** Numbers at which readers break: signs, word sizes, the limits of exact numbers. */
const extremes: readonly bigint[] = [0n, 1n, 255n, 256n, 65_535n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]; // prettier-ignore

/** Pieces of JSON that do not belong where they are put. */
const fragments = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\\",
  "\\u0000",
  "-",
  "1e400",
  "9007199254740993",
  "null",
  "\0",
  "\xff",
  '{"a":',
  "[[[[[[[[[[[[[[[[[[",
];

/** One or a few random changes within the first `headerBytes` bytes. */
export function mutate(bytes: Uint8Array, headerBytes: number, random: Random): Uint8Array {
  let mutated = Uint8Array.from(bytes);
  for (let change = random.next(3); change >= 0; change--) {
    const at = random.next(Math.min(headerBytes, mutated.length));
    switch (random.next(6)) {
      case 0:
        mutated[at]! ^= 1 << random.next(8);
        break;
      case 1:
        mutated[at] = random.next(256);
        break;
      case 2:
        writeNumber(mutated, at, random.pick(extremes), random.pick([2, 4, 8]));
        break;
      case 3:
        writeNumber(mutated, at, BigInt(mutated.length - random.next(40)), random.pick([4, 8]));
        break;
      case 4:
        mutated = splice(mutated, at, random.next(12), Buffer.from(random.pick(fragments), "latin1"));
        break;
      default:
        mutated = splice(mutated, at, 0, mutated.subarray(random.next(at + 1), at + random.next(60)));
    }
  }
  return mutated;
}

function writeNumber(bytes: Uint8Array, at: number, value: bigint, width: number): void {
  for (let index = 0; index < width && at + index < bytes.length; index++) bytes[at + index] = Number((value >> BigInt(8 * index)) & 255n);
}

function splice(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array<ArrayBuffer> {
  const after = bytes.subarray(Math.min(bytes.length, at + removed));
  const result = new Uint8Array(at + added.length + after.length);
  result.set(bytes.subarray(0, at));
  result.set(added, at);
  result.set(after, at + added.length);
  return result;
}
