import { formatBytes } from "./format";

/** A line on a terminal that is written over as a job goes on; nothing anywhere else. */
export class ProgressLine {
  private isShown = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(done: number, total: number): void {
    if (!this.stream.isTTY || total === 0) return;
    this.isShown = true;
    const percent = Math.floor((100 * done) / total);
    this.stream.write(`\r\x1b[K${String(percent).padStart(3)} %  ${formatBytes(done)} of ${formatBytes(total)}`);
  }

  clear(): void {
    if (this.isShown) this.stream.write("\r\x1b[K");
    this.isShown = false;
  }
}
