import { viewAs } from "../decode/views";
import type { StridedRef } from "../fileRef";
import { checkRange, type ByteSource, type OpenSource } from "./byteSource";
import { ReadAhead } from "./readAhead";
import { boxesOf, normalize, type Box, type Dimension } from "./stridedLayout";

/** Bytes of the source that are held at once. */
const windowBytes = 4 * 2 ** 20;
/** Bytes that are put in order at once where rows of the result are columns of the source: the more, the longer its runs. */
const aheadBytes = 16 * 2 ** 20;
/** The same of a source that is read only forwards: all of it is gone through for each. */
const sequentialAheadBytes = 32 * 2 ** 20;
/** Requests from here on are parts of a whole that is read to its end. */
const bulkBytes = 2 ** 20;
/** Runs that are collected before they are put in order: a line of memory, for elements of four bytes. */
const collectedRuns = 16;
const single: Dimension = { count: 1, from: 1, to: 1 };
/** What one more read costs, in bytes that could be copied meanwhile. */
const readCostBytes = 8192;

/** Reads elements in row-major order that lie in the source in another. Ranges may begin and end inside an element. */
export function openStrided(ref: StridedRef, open: OpenSource): ByteSource {
  const inner = open(ref.source);
  const layout = normalize(ref);
  const { itemBytes, dimensions } = layout;
  const gather = new Gather(inner, ref.offset, itemBytes);
  const totalBytes = itemBytes * dimensions.reduce((product, { count }) => product * count, 1);
  const isTransposed = dimensions.length > 1 && dimensions[dimensions.length - 1]!.from !== 1;
  const isSequential = inner.isSequential === true;
  const fill = (start: number, target: Uint8Array): void => {
    const first = Math.floor(start / itemBytes);
    const end = Math.ceil((start + target.byteLength) / itemBytes);
    const isWhole = first * itemBytes === start && end * itemBytes === start + target.byteLength && target.byteOffset % itemBytes === 0;
    const bytes = isWhole ? target : new Uint8Array((end - first) * itemBytes);
    for (const box of boxesOf(layout, first, end)) gather.fill(box, bytes);
    if (!isWhole) target.set(bytes.subarray(start - first * itemBytes, start - first * itemBytes + target.byteLength));
  };

  const ahead = new ReadAhead(
    {
      totalBytes,
      mostBytes: isSequential ? sequentialAheadBytes : aheadBytes,
      // Whole rows lie in one run through the source; parts of rows before and behind them would take one each.
      unitBytes: isSequential ? itemBytes * dimensions.slice(1).reduce((product, { count }) => product * count, 1) : 1,
      key: isSequential && inner.stamp !== undefined ? [inner.stamp, ref.offset, itemBytes, ref.shape, ref.strides].join("/") : undefined,
    },
    fill,
  );

  return {
    read(start, target) {
      checkRange(totalBytes, start, target.byteLength);
      if (isSequential || (isTransposed && target.byteLength >= bulkBytes)) ahead.read(start, target);
      else fill(start, target);
    },
    close: () => inner.close(),
  };
}

/** Copies boxes of elements, by whichever way of reading the source costs less: one piece with all of it, or run by run. */
class Gather {
  private buffer = new Uint8Array(0);

  constructor(
    private readonly source: ByteSource,
    private readonly offset: number,
    private readonly itemBytes: number,
  ) {}

  fill(box: Box, target: Uint8Array): void {
    const { dimensions } = box;
    const coverBytes = (1 + dimensions.reduce((sum, { count, from }) => sum + (count - 1) * from, 0)) * this.itemBytes;
    const last = dimensions[dimensions.length - 1];
    const run = last?.from === 1 ? last : single;
    const runs = dimensions.reduce((product, { count }) => product * count, 1) / run.count;
    if (coverBytes > runs * (readCostBytes + run.count * this.itemBytes))
      this.fillRuns(box, run, last === run ? dimensions.slice(0, -1) : dimensions, target);
    else if (coverBytes <= windowBytes) this.fillFromCover(box, coverBytes, target);
    else for (const half of halves(box)) this.fill(half, target);
  }

  private fillFromCover(box: Box, coverBytes: number, target: Uint8Array): void {
    const source = this.take(coverBytes);
    this.source.read(this.offset + box.from * this.itemBytes, source);
    copyBox(wordsOf(source, this.itemBytes), wordsOf(target, this.itemBytes), this.itemBytes, { ...box, from: 0 });
  }

  /**
   * Reads run by run, in the order in which they lie in the source. Runs whose elements become neighbours in the result
   * are collected first: memory is written to in lines, not in single elements.
   */
  private fillRuns(box: Box, run: Dimension, outer: readonly Dimension[], target: Uint8Array): void {
    const { itemBytes } = this;
    const across = (run.to === 1 ? undefined : outer.find(({ to }) => to === 1)) ?? single;
    const rest = outer.filter((dimension) => dimension !== across);
    const length = Math.min(run.count, Math.max(1, Math.floor(windowBytes / itemBytes)));
    const most = Math.min(collectedRuns, Math.max(1, Math.floor(windowBytes / (length * itemBytes))));
    forEachPlace({ ...box, dimensions: rest }, 0, (from, to) => {
      for (let part = 0; part < run.count; part += length) {
        const count = Math.min(length, run.count - part);
        for (let first = 0; first < across.count; first += most) {
          const runs = Math.min(most, across.count - first);
          const at = from + part + first * across.from;
          const place = to + part * run.to + first * across.to;
          if (run.to === 1) this.readRun(at, target.subarray(place * itemBytes, (place + count) * itemBytes));
          else this.collect(at, place, { ...run, count }, { ...across, count: runs }, target);
        }
      }
    });
  }

  /** Reads some runs and puts their elements where they belong. */
  private collect(at: number, place: number, run: Dimension, across: Dimension, target: Uint8Array): void {
    const { itemBytes } = this;
    const runBytes = run.count * itemBytes;
    const source = this.take(across.count * runBytes);
    for (let index = 0; index < across.count; index++) {
      this.readRun(at + index * across.from, source.subarray(index * runBytes, (index + 1) * runBytes));
    }
    const dimensions = [run, { count: across.count, from: run.count, to: across.to }];
    copyBox(wordsOf(source, itemBytes), wordsOf(target, itemBytes), itemBytes, { from: 0, to: place, dimensions });
  }

  private readRun(at: number, target: Uint8Array): void {
    this.source.read(this.offset + at * this.itemBytes, target);
  }

  private take(bytes: number): Uint8Array {
    if (this.buffer.length < bytes) this.buffer = new Uint8Array(bytes);
    return this.buffer.subarray(0, bytes);
  }
}

/** A box cut in two along the dimension that spans most of the source, the part that comes first in the source first. */
function halves({ from, to, dimensions }: Box): Box[] {
  const span = ({ count, from: step }: Dimension): number => (count - 1) * step;
  const widest = dimensions.reduce((best, dimension, index) => (span(dimension) > span(dimensions[best]!) ? index : best), 0);
  const { count, ...steps } = dimensions[widest]!;
  const half = Math.ceil(count / 2);
  const withCount = (size: number): Dimension[] =>
    dimensions.map((dimension, index) => (index === widest ? { ...steps, count: size } : dimension));
  return [
    { from, to, dimensions: withCount(half) },
    { from: from + half * steps.from, to: to + half * steps.to, dimensions: withCount(count - half) },
  ];
}

function forEachPlace(box: Box, depth: number, visit: (from: number, to: number) => void): void {
  const dimension = box.dimensions[depth];
  if (!dimension) {
    visit(box.from, box.to);
    return;
  }
  for (let index = 0; index < dimension.count; index++) {
    forEachPlace({ ...box, from: box.from + index * dimension.from, to: box.to + index * dimension.to }, depth + 1, visit);
  }
}

/** Bytes as words of 1, 2 or 4 bytes; elements of 8 are two of them, since 64-bit integers are slow. All callers' bytes are aligned. */
type Words = Uint8Array | Uint16Array | Uint32Array;

function wordsOf(bytes: Uint8Array, itemBytes: number): Words {
  if (itemBytes === 1) return bytes;
  return itemBytes === 2 ? viewAs(Uint16Array, bytes) : viewAs(Uint32Array, bytes);
}

/** Copies the elements of a box between words of the same size. */
function copyBox(source: Words, target: Words, itemBytes: number, { from, to, dimensions }: Box, depth = 0): void {
  const { count, from: step, to: targetStep } = dimensions[depth] ?? { count: 1, from: 1, to: 1 };
  if (depth >= dimensions.length - 1) {
    const copy = itemBytes === 8 ? copyPairs : copyWords;
    copy(source as Uint32Array, target as Uint32Array, from, to, count, step, targetStep);
    return;
  }
  for (let index = 0; index < count; index++) {
    copyBox(source, target, itemBytes, { from: from + index * step, to: to + index * targetStep, dimensions }, depth + 1);
  }
}

/** Copies `count` elements, `step` apart in the source, to places `targetStep` apart. */
type CopyRun = (
  source: Uint32Array,
  target: Uint32Array,
  from: number,
  to: number,
  count: number,
  step: number,
  targetStep: number,
) => void;

const copyWords: CopyRun = (source, target, from, to, count, step, targetStep) => {
  if (step === 1 && targetStep === 1) target.set(source.subarray(from, from + count), to);
  else for (let index = 0; index < count; index++) target[to + index * targetStep] = source[from + index * step]!;
};

const copyPairs: CopyRun = (source, target, from, to, count, step, targetStep) => {
  for (let index = 0; index < count; index++) {
    const at = 2 * (from + index * step);
    const place = 2 * (to + index * targetStep);
    target[place] = source[at]!;
    target[place + 1] = source[at + 1]!;
  }
};
