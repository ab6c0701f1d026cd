/** When the extension's own file began to run, in milliseconds of the process; what it shares with `later` ran before. */
export const loadedAt = performance.now();
