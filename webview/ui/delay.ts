/** A function that runs `milliseconds` after its last call; `flush` runs it at once if it is due. */
export interface Delayed {
  (): void;
  flush(): void;
  cancel(): void;
}

/** Delays `work` until it has not been asked for during `milliseconds`. */
export function delayed(work: () => void, milliseconds: number): Delayed {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const run = (): void => {
    cancel();
    work();
  };
  const schedule = (): void => {
    cancel();
    timer = setTimeout(run, milliseconds);
  };
  return Object.assign(schedule, { cancel, flush: () => (timer === undefined ? undefined : run()) });
}
