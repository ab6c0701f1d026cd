import { closeSync, openSync, writeSync } from "node:fs";
import { basename } from "node:path";
import type { PartRegion } from "../../core/quant/split/splitScheme";
import { explainWriteError } from "../../io/writeErrors";

/** A file that exists and is written to at places, by several threads at once. */
export class OutputFile {
  /** Bytes, so far. */
  written = 0;
  private readonly handle: number;

  constructor(private readonly path: string) {
    try {
      this.handle = openSync(path, "r+");
    } catch (error) {
      throw explainWriteError(error, basename(path));
    }
  }

  write(bytes: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.handle, bytes, done, bytes.length - done, at + done);
    } catch (error) {
      throw explainWriteError(error, basename(this.path));
    }
    this.written += bytes.length;
  }

  /** @param at where the part begins that the region is of */
  writeRegion(bytes: Uint8Array, at: number, { at: first, bytes: each, runs, stride }: PartRegion): void {
    if (stride === each) return this.write(bytes, at + first);
    for (let run = 0; run < runs; run++) this.write(bytes.subarray(run * each, (run + 1) * each), at + first + run * stride);
  }

  close(): void {
    closeSync(this.handle);
  }
}
