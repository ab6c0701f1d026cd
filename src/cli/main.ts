/** Entry of the command line: the same jobs as the editor's, without an editor. */
import { run } from "./program";

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
