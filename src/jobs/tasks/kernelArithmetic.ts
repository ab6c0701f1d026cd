import { limits } from "../../core/limits";
import type { Arithmetic, AttentionScores, ExponentialSums, MatrixProduct } from "../../core/model/arithmetic";
import { addExponentialsPlain, gatePlain, softCapPlain } from "../../core/model/plainArithmetic";
import { type Kernels, loadKernels } from "../../kernels/kernels";
import { scratchBytes } from "../../kernels/layout";

const pageBytes = 65536;
/** Values of a weight that are in the memory of the kernels at a time: some ten milliseconds of work. */
const tileValues = 2 ** 19;
const alignment = 64;

/**
 * The arithmetic of a forward pass by the kernels, over a memory of its own, as large as the largest run so far. Weights lie outside of it, in
 * memory that all threads share, and come in tile by tile.
 */
export class KernelArithmetic implements Arithmetic {
  /** Called before each piece of work; what it throws ends the run. */
  check: () => void = () => undefined;
  private kernels: Kernels | undefined;
  private next = 0;
  private scratch = 0;
  private tile = 0;

  constructor(private readonly module: WebAssembly.Module) {}

  begin(values: number): void {
    // Every piece may begin a little later than the one before ends.
    const needed = fixedBytes + 4 * values + pageBytes;
    if (needed > limits.kernelBytes) throw new RangeError(`${values} values are more than the memory of the kernels holds`);
    if (!this.kernels || this.kernels.memory.buffer.byteLength < needed) {
      const pages = Math.ceil(needed / pageBytes);
      this.kernels = loadKernels(this.module, { initialPages: pages, maximumPages: pages });
    }
    this.next = 4096;
    this.scratch = this.room(scratchBytes.gemm);
    this.tile = this.room(4 * tileValues);
  }

  floats(length: number): Float32Array {
    return new Float32Array(this.memory.buffer, this.room(4 * length), length);
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.memory.buffer, this.room(8 * length), length);
  }

  multiply(product: MatrixProduct): void {
    const { rows, columns, depth, left, leftStride = depth, right, transposed, result, resultStride = columns } = product;
    const { rightStride = transposed ? depth : columns } = product;
    const [a, c] = [this.addressOf(left), this.addressOf(result)];
    const times = (b: number, stride: number, count: number, target: number): void => {
      const { scratch } = this;
      this.loaded.gemm(rows, count, depth, 1, a, leftStride, b, stride, transposed ? 1 : 0, target, resultStride, 0, scratch);
    };
    if (right.buffer === this.memory.buffer) {
      times(this.addressOf(right), rightStride, columns, c);
      return;
    }
    const step = Math.max(1, Math.floor(tileValues / depth));
    for (let first = 0; first < columns; first += step) {
      this.check();
      const count = Math.min(step, columns - first);
      new Float32Array(this.memory.buffer, this.tile, count * depth).set(right.subarray(first * depth, (first + count) * depth));
      times(this.tile, depth, count, c + 4 * first);
    }
  }

  attentionWeights({ scores, rows, columns, stride, first, window, scale, cap }: AttentionScores): void {
    this.loaded.attentionWeights(this.addressOf(scores), rows, columns, stride, first, window, scale, cap);
  }

  gate(values: Float32Array, rows: number, columns: number, activation: "silu" | "gelu"): void {
    const address = this.addressOf(values);
    if (columns % 4 === 0) this.loaded.gate(address, rows, columns, activation === "gelu" ? 1 : 0, address);
    else gatePlain(values, rows, columns, activation);
  }

  softCap(values: Float32Array, cap: number): void {
    if (values.length % 4 === 0) this.loaded.softCap(this.addressOf(values), values.length, cap);
    else softCapPlain(values, cap);
  }

  addExponentials(values: Float32Array, rows: number, columns: number, sums: ExponentialSums): void {
    const { maxima, sums: totals } = sums;
    if (columns % 4 === 0)
      this.loaded.addExponentials(this.addressOf(values), rows, columns, columns, this.addressOf(maxima), this.addressOf(totals));
    else addExponentialsPlain(values, rows, columns, sums);
  }

  private get loaded(): Kernels {
    if (!this.kernels) throw new RangeError("No memory was asked for");
    return this.kernels;
  }

  private get memory(): WebAssembly.Memory {
    return this.loaded.memory;
  }

  private room(bytes: number): number {
    const address = this.next;
    this.next = Math.ceil((address + bytes) / alignment) * alignment;
    if (this.next > this.memory.buffer.byteLength) throw new RangeError("More memory was taken than asked for");
    return address;
  }

  private addressOf(values: Float32Array | Float64Array): number {
    if (values.buffer !== this.memory.buffer) throw new RangeError("The values are not in the memory of the kernels");
    return values.byteOffset;
  }
}

/** What a run takes besides its values. */
const fixedBytes = 4096 + scratchBytes.gemm + 4 * tileValues;
