// npm, found beside the running Node so that a script works without a PATH.
import { existsSync } from "node:fs";
import path from "node:path";
import { must } from "./run.mjs";

const cli = path.join(path.dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");

/** Runs npm; throws with its output when it fails. */
export function npm(args, options) {
  if (existsSync(cli)) return must(process.execPath, [cli, ...args], options);
  return must(process.platform === "win32" ? "npm.cmd" : "npm", args, options);
}
