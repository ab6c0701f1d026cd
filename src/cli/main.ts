#!/usr/bin/env node
/** Entry of the command line: the same jobs as the editor's, without an editor. */
import { join } from "node:path";
import { provideHdf5Lister, provideHdf5Reader } from "../core/formats/hdf5/library";
import { hdf5ListerOf } from "../io/hdf5Lister";
import { hdf5ReaderOf } from "../io/hdf5Reader";
import { exitStatus } from "./failure";
import { run } from "./program";

provideHdf5Lister(hdf5ListerOf(join(__dirname, "hdf5.js")));
provideHdf5Reader(hdf5ReaderOf(join(__dirname, "hdf5.js")));

// A reader that has seen enough, such as `head`, is no failure. All other errors reach whoever printed.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitStatus.done);
});

// While a job listens as well, cancelling is its business: it cleans up first. A second Ctrl+C does not wait for that.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(exitStatus.cancelled);
  });
}

void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
  // What was printed to a pipe may still be under way; threads need not be waited for.
  process.stdout.write("", () => process.exit());
});
