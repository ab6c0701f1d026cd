import type { Command } from "./command";

/** *Cancel* beside a running job. */
export const cancelJob: Command = {
  id: "quantscope.cancelJob",
  run({ jobs }, argument) {
    if (typeof argument === "object" && argument !== null && "id" in argument && typeof argument.id === "number") jobs.cancel(argument.id);
    return Promise.resolve();
  },
};

/** *Clear Finished Jobs*. */
export const clearJobs: Command = {
  id: "quantscope.clearJobs",
  run({ jobs }) {
    jobs.clearFinished();
    return Promise.resolve();
  },
};
