import { crc32, deflateRawSync } from "node:zlib";

/** A file to put into an archive. */
export interface ZipContent {
  name: string;
  bytes: Uint8Array;
  deflate?: boolean;
  /** Bytes of an extra field in the local header, as PyTorch pads with. */
  padding?: number;
  /** Fields of the directory that are to be wrong or special. */
  directory?: { method?: number; flags?: number; offset?: number; compressedBytes?: number; bytes?: number; crc?: number };
}

/** A zip archive (APPNOTE 6.3). `zip64` writes sizes, offsets and the end in 64 bits. */
export function writeZip(files: readonly ZipContent[], options: { zip64?: boolean; comment?: string } = {}): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  for (const file of files) {
    const name = Buffer.from(file.name);
    const data = file.deflate ? deflateRawSync(file.bytes) : Buffer.from(file.bytes);
    const entry = {
      method: file.deflate ? 8 : 0,
      flags: 0x800,
      offset: at,
      compressedBytes: data.length,
      bytes: file.bytes.length,
      crc: crc32(file.bytes),
      ...file.directory,
    };
    const padding = file.padding ? Buffer.concat([u16(0x4246, file.padding - 4), Buffer.alloc(file.padding - 4, 0x5a)]) : Buffer.alloc(0);
    push(
      Buffer.concat([
        u32(0x04034b50),
        u16(20, entry.flags, entry.method, 0, 0),
        u32(0, 0, 0),
        u16(name.length, padding.length),
        name,
        padding,
      ]),
    );
    push(data);
    const sizes = [entry.bytes, entry.compressedBytes, entry.offset];
    const extra = options.zip64 ? Buffer.concat([u16(1, 24), ...sizes.map(u64)]) : Buffer.alloc(0);
    const [bytes, compressed, offset] = options.zip64 ? [0xffffffff, 0xffffffff, 0xffffffff] : sizes;
    directory.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(45, 45, entry.flags, entry.method, 0, 0),
        u32(entry.crc, compressed!, bytes!),
        u16(name.length, extra.length, 0, 0, 0),
        u32(0, offset!),
        name,
        extra,
      ]),
    );
  }
  const start = at;
  for (const part of directory) push(part);
  const length = at - start;
  if (options.zip64) {
    const end = at;
    const counts = [files.length, files.length, length, start].map(u64);
    push(Buffer.concat([u32(0x06064b50), u64(44), u16(45, 45), u32(0, 0), ...counts]));
    push(Buffer.concat([u32(0x07064b50, 0), u64(end), u32(1)]));
  }
  const count = options.zip64 ? 0xffff : files.length;
  const comment = Buffer.from(options.comment ?? "");
  const end = options.zip64 ? [0xffffffff, 0xffffffff] : [length, start];
  push(Buffer.concat([u32(0x06054b50), u16(0, 0, count, count), u32(...end), u16(comment.length), comment]));
  return new Uint8Array(Buffer.concat(parts));
}

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => bytes.writeUInt16LE(value, 2 * index));
  return bytes;
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
