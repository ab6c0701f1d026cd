/** When the bundle began to run, in milliseconds of the process. The entry imports this before anything else. */
export const loadedAt = performance.now();
