import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import type { FileRef } from "../../fileRef";
import { crc32, showChecksum } from "../../views/crc32";
import { InflateWindow } from "../../views/inflateWindow";
import { quoteName } from "../text";
import { zipDeflated, zipStored, type ZipEntry } from "./zip";

/** Compressed bytes that are read at a time. */
const blockBytes = 16_384;

/** Where the unpacked bytes of an entry are: from `offset` on in what `ref` stands for. */
export interface EntryBytes {
  readonly ref: FileRef;
  readonly offset: number;
}

/** Why an entry cannot be unpacked, or undefined when it can. */
export function whyPacked({ encrypted, method }: ZipEntry): string | undefined {
  if (encrypted) return "encrypted";
  return method === zipStored || method === zipDeflated ? undefined : `compressed with method ${method}`;
}

/** The unpacked bytes of an entry for which {@link whyPacked} has no objection. */
export function entryBytes(file: RandomAccessFile, entry: ZipEntry): EntryBytes {
  const { offset, compressedBytes, bytes } = entry;
  if (entry.method === zipStored) return { ref: file.ref, offset };
  return { ref: { kind: "inflated", source: file.ref, offset, compressedBytes, size: bytes }, offset: 0 };
}

/**
 * The first `count` unpacked bytes of an entry; all of it when it has fewer. Callers have bounded `count`.
 * @throws FormatError `zip.packed` for an entry that we do not unpack, `zip.bad-deflate`
 */
export async function readEntry(file: RandomAccessFile, entry: ZipEntry, count: number): Promise<Uint8Array> {
  const why = whyPacked(entry);
  if (why !== undefined) {
    throw new FormatError("zip.packed", `The zip entry ${quoteName(entry.name)} is ${why}`, {
      file: file.name,
      offset: entry.offset,
      expected: "stored or deflated bytes",
      found: why,
      hint: "Unpack the archive and pack it again without compression.",
    });
  }
  const target = new Uint8Array(Math.min(count, entry.bytes));
  if (entry.method === zipStored) {
    await file.read(entry.offset, target);
    return target;
  }
  const window = new InflateWindow(file.name);
  const end = entry.offset + entry.compressedBytes;
  for (let at = entry.offset, done = 0; done < target.length;) {
    const block = new Uint8Array(Math.min(blockBytes, end - at));
    await file.read(at, block);
    at += block.length;
    window.push(block, at === end);
    const part = window.bytes.subarray(0, target.length - done);
    target.set(part, done);
    done += part.length;
    if (at === end && done < target.length) throw window.tooShort(entry.bytes);
  }
  return target;
}

/** What is wrong with an entry whose unpacked bytes, all of them, do not have the checksum of the archive; undefined where they do. */
export function checksumError(
  file: RandomAccessFile,
  { name, offset, crc }: ZipEntry,
  bytes: Uint8Array,
  hint: string,
): FormatError | undefined {
  const found = crc32(bytes);
  if (crc === undefined || found === crc) return undefined;
  return new FormatError("zip.bad-checksum", `The zip entry ${quoteName(name)} is damaged: its checksum is that of other bytes`, {
    file: file.name,
    offset,
    expected: showChecksum(crc),
    found: showChecksum(found),
    hint,
  });
}
