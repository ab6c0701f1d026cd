import type { Command } from "./command";

/** Searches the workspace for checkpoints again. */
export const refreshCheckpoints: Command = {
  id: "quantscope.refreshCheckpoints",
  run({ checkpoints }) {
    checkpoints.refresh();
    return Promise.resolve();
  },
};
