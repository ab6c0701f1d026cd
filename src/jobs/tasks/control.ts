import { CancelledError } from "../../core/errors";

/**
 * One word of shared memory for "stop" and one counter of work done: how a running task is cancelled, and reports
 * progress, without a message. Work is counted in half bytes, so that a tensor that is read twice counts once.
 */
export type SharedControl = SharedArrayBuffer;

const workOffset = 8;

/** A control for one job. */
export function createControl(): SharedControl {
  return new SharedArrayBuffer(workOffset + 8);
}

/** Asks all tasks of the job to stop at their next chunk. */
export function requestStop(control: SharedControl): void {
  Atomics.store(new Int32Array(control), 0, 1);
}

/** Bytes of tensor data done. */
export function bytesDone(control: SharedControl): number {
  return Number(Atomics.load(new BigInt64Array(control, workOffset), 0)) / 2;
}

/** A task's side of a control. */
export class TaskControl {
  private readonly stop: Int32Array;
  private readonly work: BigInt64Array;

  constructor(control: SharedControl) {
    this.stop = new Int32Array(control, 0, 1);
    this.work = new BigInt64Array(control, workOffset, 1);
  }

  /** @throws CancelledError once the job is cancelled */
  check(): void {
    if (Atomics.load(this.stop, 0) !== 0) throw new CancelledError();
  }

  /** @param share 1 where bytes are read once, 0.5 for each of two readings, 0 where reading is not what the job waits for */
  advance(bytes: number, share: Share): void {
    if (share > 0) Atomics.add(this.work, 0, BigInt(2 * share * bytes));
  }
}

/** How much one reading of a byte counts. */
export type Share = 0 | 0.5 | 1;
