import { existsSync } from "node:fs";
import path from "node:path";

/** The folder of reference data beside the project, or undefined where it is not there. */
function sharedRoot(): string | undefined {
  const root = process.env.QUANTSCOPE_SHARED ?? path.join(__dirname, "..", "..", "..", "shared");
  return existsSync(root) ? root : undefined;
}

/** Path of a file in the reference data, or undefined where it is absent. */
export function sharedPath(relative: string): string | undefined {
  const root = sharedRoot();
  if (!root) return undefined;
  const file = path.join(root, relative);
  return existsSync(file) ? file : undefined;
}

/** Path of a file in the reference data; skips the test, saying why, where it is absent. */
export function sharedOrSkip(test: Mocha.Context, relative: string): string {
  const file = sharedPath(relative);
  if (file) return file;
  console.log(`      skipped: reference data "${relative}" is not here`);
  return test.skip();
}
