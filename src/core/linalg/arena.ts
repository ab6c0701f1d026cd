import { UsageError } from "../errors";
import type { GrowableMemory } from "./matrixKernels";

const pageBytes = 65536;
/** Whole cache lines. */
const alignment = 64;

/** Room in the memory of kernels, given out from one end; what was given last is taken back first. */
export class Arena {
  private next: number;

  /** @param start first address that is free; address 0 means "none" to kernels */
  constructor(
    readonly memory: GrowableMemory,
    start = 4096,
  ) {
    this.next = start;
  }

  /**
   * Address of `count` values of `bytes` each, contents of no matter.
   *
   * @throws UsageError `out-of-memory`
   */
  room(count: number, bytes = 4): number {
    const address = this.next;
    const end = Math.ceil((address + count * bytes) / alignment) * alignment;
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.grow(Math.ceil(missing / pageBytes));
    this.next = end;
    return address;
  }

  /** What `release` takes back to. */
  mark(): number {
    return this.next;
  }

  release(mark: number): void {
    this.next = mark;
  }

  /** Views end with the next `room`, which may move the memory. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, count);
  }

  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  private grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch {
      const needed = this.memory.buffer.byteLength + pages * pageBytes;
      throw new UsageError("out-of-memory", "The matrices of a layer do not fit the memory of a worker", {
        expected: `${needed} bytes`,
        found: `${this.memory.buffer.byteLength} bytes`,
      });
    }
  }
}
