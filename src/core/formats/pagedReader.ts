import type { RandomAccessFile } from "../file";

const pageBytes = 32_768;
/** Pages that are kept: 2 MiB of the file. */
const keptPages = 64;

/**
 * Reads small pieces all over a file: pages of it are kept, the ones that were read first go first. What lies
 * between the pieces is never read.
 */
export class PagedReader {
  private readonly pages = new Map<number, Uint8Array>();

  constructor(readonly file: RandomAccessFile) {}

  /** The bytes from `offset` on, fewer at the end of the file; valid until the next call. `count` is at most some thousand. */
  async take(offset: number, count: number): Promise<Uint8Array> {
    const end = Math.min(offset + count, this.file.size);
    if (end <= offset) return new Uint8Array(0);
    const first = Math.floor(offset / pageBytes);
    const last = Math.floor((end - 1) / pageBytes);
    const start = first * pageBytes;
    if (first === last) return (this.pages.get(first) ?? (await this.load(first))).subarray(offset - start, end - start);
    const bytes = new Uint8Array(end - offset);
    for (let page = first; page <= last; page++) {
      const from = Math.max(offset, page * pageBytes);
      const to = Math.min(end, (page + 1) * pageBytes);
      const content = this.pages.get(page) ?? (await this.load(page));
      bytes.set(content.subarray(from - page * pageBytes, to - page * pageBytes), from - offset);
    }
    return bytes;
  }

  private async load(page: number): Promise<Uint8Array> {
    const start = page * pageBytes;
    const content = new Uint8Array(Math.min(pageBytes, this.file.size - start));
    await this.file.read(start, content);
    // A map keeps the order in which its keys came.
    if (this.pages.size >= keptPages) this.pages.delete(this.pages.keys().next().value!);
    this.pages.set(page, content);
    return content;
  }
}
