import type { Hdf5Slice, Hdf5Slices } from "../../core/formats/hdf5/library";

/**
 * One word of shared memory by which a thread shows that it is alive: odd while it is inside of a call of the HDF5 library, which may
 * not end with a damaged file, and another number with each call.
 */
export type Pulse = SharedArrayBuffer;

/** A pulse that two threads can share. */
export function createPulse(): Pulse {
  return new SharedArrayBuffer(4);
}

/** The number as it is now: one that stays odd and the same is a call that does not end. */
export function pulseOf(pulse: Pulse): number {
  return Atomics.load(new Int32Array(pulse), 0);
}

/** The library, with a pulse about each call. */
export function withPulse(slices: Hdf5Slices, pulse: Pulse): Hdf5Slices {
  const word = new Int32Array(pulse);
  const called = <T>(call: () => T): T => {
    Atomics.add(word, 0, 1);
    try {
      return call();
    } finally {
      Atomics.add(word, 0, 1);
    }
  };
  return {
    open: (ref, open) => {
      const slice = called<Hdf5Slice>(() => slices.open(ref, open));
      return { read: (...place) => called(() => slice.read(...place)), close: () => slice.close() };
    },
  };
}
