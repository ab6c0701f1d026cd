import type { FormatError } from "../core/errors";
import { endlessDataset, hdf5Patience } from "../core/formats/hdf5/endless";
import { type FileRef, needsHdf5 } from "../core/fileRef";
import { createPulse, type Pulse, pulseOf } from "./tasks/pulse";

const shortestLook = 50;

/** Watches the calls of the HDF5 library that a task makes: one of them may never end. */
export class PulseWatch {
  readonly pulse: Pulse = createPulse();
  private readonly timer: NodeJS.Timeout;
  private seen = 0;
  private since = performance.now();

  /** @param ended called once, when a call took longer than `patience` milliseconds */
  private constructor(file: FileRef, patience: number, ended: (error: FormatError) => void) {
    this.timer = setInterval(
      () => {
        const now = pulseOf(this.pulse);
        if (now !== this.seen || now % 2 === 0) {
          [this.seen, this.since] = [now, performance.now()];
        } else if (performance.now() - this.since > patience) {
          this.stop();
          ended(endlessDataset(file, patience));
        }
      },
      Math.max(shortestLook, patience / 20),
    );
    this.timer.unref();
  }

  /** A watch for a task on a file that takes the library, or undefined. */
  static of(file: FileRef, ended: (error: FormatError) => void, patience = hdf5Patience): PulseWatch | undefined {
    return needsHdf5(file) ? new PulseWatch(file, patience, ended) : undefined;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
