import type { RandomAccessFile } from "../file";
import type { TensorInfo } from "../tensor/tensorInfo";
import type { DiagnosticList } from "./diagnosticList";
import { countBytes, countOf, quoteName } from "./text";

/** Bytes read at a time. Trained weights practically never have this many zero bytes in a row. */
const probeBytes = 4096;
/** A tail of this many zero bytes is suspicious wherever it begins. */
const longTailBytes = 65_536;
const namedTensors = 3;
/** Blocks of a supposed tail that are looked at before it is believed. */
const samples = 16;

/**
 * Warns when the end of a file's data is nothing but zeros: download tools reserve the whole file first, and an
 * interrupted download leaves the rest of it empty. Reads a few small blocks, however large the file. A tail shorter than
 * 64 KiB is only reported when it starts inside a tensor, since small tensors may well be zero.
 */
export async function reportZeroTail(file: RandomAccessFile, tensors: readonly TensorInfo[], diagnostics: DiagnosticList): Promise<void> {
  const region = dataRegion(tensors, file.size);
  if (!region || region.end - region.start < probeBytes) return;
  const start = await findZeroTail(file, region.start, region.end);
  const bytes = region.end - start;
  if (bytes < probeBytes) return;
  const touched = tensors.filter((tensor) => tensor.bytes > 0 && tensor.offset + tensor.bytes > start && tensor.offset < region.end);
  const isInsideTensor = touched.some((tensor) => tensor.offset < start);
  if (bytes < longTailBytes && !isInsideTensor) return;
  const names = touched.slice(0, namedTensors).map((tensor) => quoteName(tensor.name));
  const more = touched.length - names.length;
  const which = names.join(", ") + (more > 0 ? ` and ${countOf(more)} more` : "");
  diagnostics.add("warning", "file.zero-tail", `The last ${countBytes(bytes)} of ${quoteName(file.name)} are all zero: ${which}`, {
    file: file.name,
    tensor: touched[0]?.name,
    offset: start,
    expected: "weights",
    found: `zeros from byte ${countOf(start)} to the end`,
    hint: "An interrupted download leaves such a file. Compare its checksum with the publisher's, or download it again.",
  });
}

function dataRegion(tensors: readonly TensorInfo[], size: number): { start: number; end: number } | undefined {
  let start = Infinity;
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.bytes === 0 || tensor.offset >= size) continue;
    start = Math.min(start, tensor.offset);
    end = Math.max(end, Math.min(size, tensor.offset + tensor.bytes));
  }
  return end > start ? { start, end } : undefined;
}

/**
 * Where the zeros at the end begin; `end` when the last byte is not zero. Goes back from the end in growing steps to the
 * first block with data, then halves the distance. Zero blocks among the data can mislead it, so what it takes for zeros
 * is sampled evenly before it is believed.
 */
async function findZeroTail(file: RandomAccessFile, start: number, end: number): Promise<number> {
  const probe = new Probe(file, end);
  // The block that ends at `high` and all looked at behind it are zero; the byte before `low` is not.
  let low = start;
  let high = end;
  for (let step = probeBytes; high > start && low === start; step *= 2) {
    const from = Math.max(start, end - step);
    const found = await probe.endOfData(from, Math.min(from + probeBytes, high));
    if (found === undefined) high = from;
    else low = found;
  }
  for (;;) {
    while (high > low) {
      const from = Math.max(low, Math.floor((low + high - probeBytes) / 2));
      const found = await probe.endOfData(from, Math.min(from + probeBytes, high));
      if (found === undefined) high = from;
      else low = found;
    }
    const behind = await probe.dataBehind(high);
    if (behind === undefined) return high;
    low = behind;
    high = end;
  }
}

class Probe {
  private readonly buffer = new Uint8Array(probeBytes);

  constructor(
    private readonly file: RandomAccessFile,
    private readonly end: number,
  ) {}

  /** The byte after the last non-zero one in `[from, to)`, a block at most; undefined when all are zero. */
  async endOfData(from: number, to: number): Promise<number | undefined> {
    const block = this.buffer.subarray(0, to - from);
    await this.file.read(from, block);
    for (let index = block.length - 1; index >= 0; index--) if (block[index] !== 0) return from + index + 1;
    return undefined;
  }

  /** Where one of a few evenly spaced blocks from `start` to the end has data. */
  async dataBehind(start: number): Promise<number | undefined> {
    let last: number | undefined;
    for (let sample = 1; sample <= samples; sample++) {
      const from = start + Math.floor(((this.end - start - probeBytes) * sample) / samples);
      if (from > start) last = (await this.endOfData(from, Math.min(from + probeBytes, this.end))) ?? last;
    }
    return last;
  }
}
