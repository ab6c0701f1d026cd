import type { Command } from "./command";

/** *Show Log*. */
export const showLog: Command = {
  id: "quantscope.showLog",
  run({ log }) {
    log.show();
    return Promise.resolve();
  },
};
