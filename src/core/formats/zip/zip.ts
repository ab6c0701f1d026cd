import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import { countBytes, countOf, hexBytes, quoteName } from "../text";

/** One file of a zip archive that is not encrypted by anything unknown: where its bytes are, and what they become. */
export interface ZipEntry {
  /** Path inside the archive, as it stands there. Never used as a path of the disk. */
  readonly name: string;
  /** How it is compressed: {@link zipStored}, {@link zipDeflated}, or a method that we do not read. */
  readonly method: number;
  /** Byte offset in the archive at which its (compressed) bytes begin. */
  readonly offset: number;
  /** Bytes it takes in the archive, all of which are in the file. */
  readonly compressedBytes: number;
  /** Bytes it has when it is unpacked. For a stored entry the same number. */
  readonly bytes: number;
  readonly encrypted: boolean;
  /** CRC-32 of its unpacked bytes; absent where the archive has none. 0 is also what writers put there that do not compute it. */
  readonly crc?: number;
}

/** Methods of PKWARE's APPNOTE, section 4.4.5. */
export const zipStored = 0;
export const zipDeflated = 8;

/** Local headers that are read at once: each waits for the disk. */
const headersAtOnce = 64;
const localHeaderBytes = 30;
const localSignature = 0x04034b50;
const damagedHint = "The file is damaged, or its download was interrupted. Download it again.";

/** Whether a file starts like a zip archive: with a first entry, or as one that is empty. */
export function isZip(head: Uint8Array): boolean {
  const [p, k, a, b] = head;
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/**
 * Lists the files of a zip archive, ZIP64 included, in the order of its central directory; folders are left out. Names,
 * sizes and methods are those of the directory; local headers only say where the bytes begin.
 * @throws FormatError `zip.no-directory`, `zip.bad-entry`, `zip.too-many-entries`
 */
export async function openZip(file: RandomAccessFile): Promise<ZipEntry[]> {
  const entries = await readDirectory(file);
  const located: ZipEntry[] = [];
  for (let first = 0; first < entries.length; first += headersAtOnce) {
    located.push(...(await Promise.all(entries.slice(first, first + headersAtOnce).map((entry) => locate(file, entry)))));
  }
  return located;
}

/** The names of the files of a zip archive, by its directory alone. @throws FormatError like {@link openZip} */
export async function zipMembers(file: RandomAccessFile): Promise<string[]> {
  return (await readDirectory(file)).map(({ name }) => name);
}

/** The entries of the central directory; `offset` is that of the local header. */
async function readDirectory(file: RandomAccessFile): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  // A module of its own that is loaded with the first archive: most checkpoints are none.
  const { ZipReader } = await import("@zip.js/zip.js/lib/zip-core-reader.js");
  const source = {
    size: file.size,
    readUint8Array: (offset: number, length: number) => readClamped(file, offset, length),
  };
  try {
    // Names with `..` do no harm here, since nothing is unpacked.
    const reader = new ZipReader(source as never, { filenameValidation: "tolerant" });
    for await (const found of reader.getEntriesGenerator()) {
      if (entries.length >= limits.zipEntries) throw tooManyEntries(file);
      if (found.directory) continue;
      entries.push({
        name: found.filename,
        method: found.compressionMethod,
        offset: found.offset,
        compressedBytes: found.compressedSize,
        bytes: found.uncompressedSize,
        encrypted: found.encrypted,
        ...(found.crc32 === undefined ? {} : { crc: found.crc32 }),
      });
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError("zip.no-directory", `${quoteName(file.name)} is a zip archive whose directory cannot be read`, {
      file: file.name,
      offset: file.size,
      expected: "a central directory at the end of the file",
      found: error instanceof Error ? error.message.slice(0, 200) : undefined,
      hint: damagedHint,
    });
  }
  return entries;
}

/** What the library asks for: bytes of the directory and its end. Shorter at the end of the file, as it expects. */
async function readClamped(file: RandomAccessFile, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Math.max(0, Math.min(length, file.size - offset));
  if (!(offset >= 0 && bytes <= limits.zipDirectoryBytes)) {
    throw new FormatError("zip.no-directory", `The directory of ${quoteName(file.name)} is too large`, {
      file: file.name,
      expected: `at most ${countBytes(limits.zipDirectoryBytes)}`,
      found: countBytes(bytes),
      hint: damagedHint,
    });
  }
  const target = new Uint8Array(bytes);
  if (bytes > 0) await file.read(offset, target);
  return target;
}

/** The entry with the offset of its bytes in place of that of its local header. */
async function locate(file: RandomAccessFile, entry: ZipEntry): Promise<ZipEntry> {
  const { offset, compressedBytes, bytes, method } = entry;
  if (!(offset >= 0 && offset + localHeaderBytes <= file.size)) throw badEntry(file, entry, "a local header inside the file", "none");
  const header = new Uint8Array(localHeaderBytes);
  await file.read(offset, header);
  const view = new DataView(header.buffer);
  if (view.getUint32(0, true) !== localSignature) throw badEntry(file, entry, "a local header, 50 4b 03 04", hexBytes(header, 4));
  const start = offset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
  if (!(compressedBytes >= 0 && bytes >= 0 && start + compressedBytes <= file.size)) {
    throw badEntry(file, entry, countBytes(compressedBytes), `${countBytes(Math.max(0, file.size - start))} before the end`);
  }
  if (method === zipStored && bytes !== compressedBytes && !entry.encrypted) {
    throw badEntry(file, entry, `${countBytes(bytes)}, stored as they are`, countBytes(compressedBytes));
  }
  if (method === zipDeflated && bytes > compressedBytes * limits.deflateRatio + limits.deflateRatio) {
    throw badEntry(file, entry, `at most ${countOf(limits.deflateRatio)} times its compressed size`, countBytes(bytes));
  }
  return { ...entry, offset: start };
}

function badEntry(file: RandomAccessFile, { name, offset }: ZipEntry, expected: string, found: string): FormatError {
  return new FormatError("zip.bad-entry", `The zip entry ${quoteName(name)} is damaged`, {
    file: file.name,
    offset: Number.isSafeInteger(offset) && offset >= 0 ? offset : undefined,
    expected,
    found,
    hint: damagedHint,
  });
}

function tooManyEntries(file: RandomAccessFile): FormatError {
  return new FormatError("zip.too-many-entries", `${quoteName(file.name)} has more than ${countOf(limits.zipEntries)} entries`, {
    file: file.name,
    expected: `at most ${countOf(limits.zipEntries)}`,
    found: "more",
    hint: damagedHint,
  });
}
