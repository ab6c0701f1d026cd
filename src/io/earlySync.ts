import type { FileHandle } from "node:fs/promises";

/** Bytes between two requests: enough that a disk with a moving head spends its time on writing, not on the way. */
const stepBytes = 16 * 2 ** 20;

/**
 * Has what is written of a file go to the disk while more is computed, so that little is left to be waited for at the end.
 * It makes one request at a time: a slow disk gets as many as it can take.
 */
export class EarlySync {
  private unsynced = 0;
  private request: Promise<void> | undefined;

  constructor(private readonly handle: Pick<FileHandle, "datasync">) {}

  /** @param bytes written since the last call, by whomever */
  wrote(bytes: number): void {
    this.unsynced += bytes;
    if (this.request || this.unsynced < stepBytes) return;
    this.unsynced = 0;
    this.request = this.handle.datasync().then(() => {
      this.request = undefined;
    });
    // A failure stays for `end`: nobody waits now.
    this.request.catch(() => undefined);
  }

  /**
   * Waits for the request that is under way. The file still has to be synced.
   *
   * @throws what the disk said of bytes that it did not take: it says so only once
   */
  async end(): Promise<void> {
    await this.request;
  }
}
