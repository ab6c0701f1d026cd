import type { Arena } from "../../core/linalg/arena";
import { limits } from "../../core/limits";
import { type Kernels, loadKernels } from "../../kernels/kernels";
import { scratchBytes } from "../../kernels/layout";
import { KernelArithmetic } from "./kernelArithmetic";
import { MatrixMemory } from "./matrixMemory";

/**
 * Values that are decoded at a time, unless values that must stay together are more. As float32 1 MiB: it is still in
 * the core's own cache when the kernels go through it, and large enough that what kernels do once a call is nothing.
 */
export const chunkValues = 2 ** 18;
/** Stored bytes that are read at a time, for the same reason. */
export const chunkBytes = 2 ** 20;
/** Most values of a chunk: the room there is for values that must stay together. */
export const mostChunkValues = 2 ** 20;
/** Bytes of the widest stored value: F64, I64. */
const widestValue = 8;
/** Result blocks of float64 for as many schemes as one task measures. */
export const outSlots = 64;

const pageBytes = 65536;
/** Widest of the kernels' result blocks. */
const outBytes = 128;
const scratchSize = Math.max(
  scratchBytes.patternCounts32,
  scratchBytes.patternCounts16,
  scratchBytes.patternCounts8,
  scratchBytes.histogram(limits.histogramBins),
  scratchBytes.quantize,
);

/**
 * A worker's kernels and the areas of their memory, laid out once. Files are read to an address that is a multiple of
 * 4096: reading to some other alignments is several times slower.
 */
export class Workspace {
  readonly kernels: Kernels;
  /** Stored bytes of a chunk. */
  readonly input: number;
  /** Its values as float32. */
  readonly x: number;
  /** Quantized and dequantized values. */
  readonly y: number;
  /** Quantized bytes. */
  readonly codes: number;
  /** u32[65536] */
  readonly counts: number;
  /** u32 of the bins of two histograms. */
  readonly bins: number;
  readonly binsAfter: number;
  /** float64 of the bins of one. */
  readonly binSums: number;
  /** {@link outSlots} blocks of error sums. */
  readonly out: number;
  /** One result block for `moments`. */
  readonly moments: number;
  readonly scratch: number;
  private dense: KernelArithmetic | undefined;
  private matrixMemory: MatrixMemory | undefined;

  constructor(private readonly module: WebAssembly.Module) {
    let next = 4096;
    const room = (bytes: number): number => {
      const address = next;
      next = Math.ceil((address + bytes) / 4096) * 4096;
      return address;
    };
    this.input = room(mostChunkValues * widestValue);
    this.x = room(mostChunkValues * 4);
    this.y = room(mostChunkValues * 4);
    this.codes = room(mostChunkValues * 4);
    this.counts = room(65536 * 4);
    this.bins = room(limits.histogramBins * 4);
    this.binsAfter = room(limits.histogramBins * 4);
    this.binSums = room(limits.histogramBins * 8);
    this.out = room(outSlots * outBytes);
    this.moments = room(outBytes);
    this.scratch = room(scratchSize);
    const pages = Math.ceil(next / pageBytes);
    this.kernels = loadKernels(module, { initialPages: pages, maximumPages: pages });
  }

  /** The arithmetic of forward passes, whose memory is there from their first use on. @param check called often; what it throws ends a run */
  arithmetic(check: () => void): KernelArithmetic {
    this.dense ??= new KernelArithmetic(this.module);
    this.dense.check = check;
    return this.dense;
  }

  /** Kernels and the whole of a memory for the matrices of one task, which is there from the first use on. */
  matrices(): { kernels: Kernels; arena: Arena } {
    this.matrixMemory ??= new MatrixMemory(this.module);
    return { kernels: this.matrixMemory.kernels, arena: this.matrixMemory.arena() };
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.kernels.memory.buffer, address, length);
  }

  halves(address: number, length: number): Uint16Array {
    return new Uint16Array(this.kernels.memory.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.kernels.memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, address, length);
  }

  /** Address of the result block of slot `index`, below {@link outSlots}. */
  outSlot(index: number): number {
    return this.out + index * outBytes;
  }
}
