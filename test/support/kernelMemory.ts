import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { loadKernels, type Kernels } from "../../src/kernels/kernels";

/** The built kernels. */
export function kernelModule(name = "kernels.wasm"): WebAssembly.Module {
  const file = path.join(__dirname, "..", "..", "dist", name);
  assert.ok(existsSync(file), `dist/${name} is missing: run \`npm run build\` first`);
  return new WebAssembly.Module(readFileSync(file));
}

/** Kernels over a fresh memory, with what a test needs to place arrays in it. */
export class KernelMemory {
  readonly kernels: Kernels;
  private next = 4096;

  constructor(pages = 512, module = kernelModule()) {
    this.kernels = loadKernels(module, { initialPages: pages });
  }

  /** Forgets everything placed so far. */
  reset(): void {
    this.next = 4096;
  }

  /** Address of `bytes` new bytes, 16-byte aligned, filled with a pattern so that no kernel can rely on zeros. */
  room(bytes: number): number {
    const address = this.next;
    this.next = (address + bytes + 15) & ~15;
    assert.ok(this.next <= this.kernels.memory.buffer.byteLength, "the test's kernel memory is too small");
    new Uint8Array(this.kernels.memory.buffer, address, bytes).fill(0xa5);
    return address;
  }

  /** Address of a copy of `values`. */
  place(values: Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array): number {
    const address = this.room(values.byteLength);
    this.bytes(address, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return address;
  }

  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.kernels.memory.buffer, address, count);
  }

  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, address, count);
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, address, count);
  }

  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.kernels.memory.buffer, address, count);
  }
}

/** Asserts that two float64 agree to `relative` of the larger magnitude, or of `scale` where that is larger; NaN equals NaN. */
export function assertClose(actual: number, expected: number, relative: number, message: string, scale = 0): void {
  if (Object.is(actual, expected) || actual === expected) return;
  const bound = relative * Math.max(Math.abs(actual), Math.abs(expected), scale);
  assert.ok(Math.abs(actual - expected) <= bound, `${message}: ${actual}, expected ${expected}`);
}
