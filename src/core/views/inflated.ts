import { FormatError } from "../errors";
import { fileNameOf, type InflatedRef } from "../fileRef";
import { checkRange, type ByteSource, type OpenSource } from "./byteSource";
import { crc32, showChecksum } from "./crc32";
import { InflateWindow } from "./inflateWindow";

/** Compressed bytes that are read at a time. */
const blockBytes = 16_384;

/** A stream that nobody reads at the moment, and how much of it is unpacked. */
interface Resting {
  readonly key: string;
  readonly window: InflateWindow;
  readonly consumed: number;
  /** Checksum of what is unpacked. */
  readonly sum: number;
}

/** Streams that may be read on. Each holds one unpacked block. */
const resting: Resting[] = [];
const mostResting = 2;

/** The stream of that key that has not passed `start`, which is read by nobody else from now on. */
function takeResting(key: string, start: number): Resting | undefined {
  const place = resting.findIndex((stream) => stream.key === key && stream.window.start <= start);
  return place < 0 ? undefined : resting.splice(place, 1)[0];
}

/**
 * Unpacks a deflated zip entry as it is read. A deflate stream has no index: reading forwards unpacks what lies between,
 * reading backwards begins again at the start, except within the block that was unpacked last. Where the bytes have a stamp, the
 * next source of the same entry goes on where this one was closed: a thread that reads pieces in order unpacks the entry once.
 */
export function openInflated({ source, offset, compressedBytes, size, crc }: InflatedRef, open: OpenSource): ByteSource {
  const inner = open(source);
  const block = new Uint8Array(Math.min(blockBytes, compressedBytes));
  const key = inner.stamp === undefined ? undefined : `${inner.stamp}/${offset}/${compressedBytes}/${crc}`;
  let window = new InflateWindow(fileNameOf(source));
  let consumed = 0;
  let sum = 0;
  let isBroken = false;

  const restart = (): void => {
    window = new InflateWindow(fileNameOf(source));
    consumed = 0;
    sum = 0;
  };

  /** Adds what was unpacked to the checksum, and compares it at the end. Some streams go on behind the entry. */
  const check = (): void => {
    if (crc === undefined || window.start >= size) return;
    sum = crc32(window.bytes.subarray(0, size - window.start), sum);
    if (window.end < size || sum === crc) return;
    const found = sum;
    restart();
    throw new FormatError("zip.bad-checksum", "A compressed entry is damaged: its checksum is that of other bytes", {
      file: fileNameOf(source),
      offset,
      expected: showChecksum(crc),
      found: showChecksum(found),
      hint: "The file is damaged. Download or save it again.",
    });
  };

  const advance = (): void => {
    if (consumed === compressedBytes) throw window.tooShort(size);
    const next = block.subarray(0, Math.min(block.length, compressedBytes - consumed));
    isBroken = true;
    inner.read(offset + consumed, next);
    consumed += next.length;
    window.push(next, consumed === compressedBytes);
    check();
    isBroken = false;
  };

  return {
    ...(key === undefined ? {} : { stamp: key }),
    isSequential: true,
    read(start, target) {
      checkRange(size, start, target.length);
      const found = consumed === 0 && key !== undefined ? takeResting(key, start) : undefined;
      if (found) ({ window, consumed, sum } = found);
      else if (start < window.start) restart();
      for (let done = 0; done < target.length;) {
        const at = start + done;
        if (at >= window.end) {
          advance();
          continue;
        }
        const part = window.bytes.subarray(at - window.start, at - window.start + target.length - done);
        target.set(part, done);
        done += part.length;
      }
    },
    close() {
      inner.close();
      if (key === undefined || consumed === 0 || isBroken) return;
      resting.push({ key, window, consumed, sum });
      if (resting.length > mostResting) resting.shift();
    },
  };
}
