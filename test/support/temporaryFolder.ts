import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder that exists while the tests of the surrounding `describe` run. Call it there; the path is known inside tests. */
export function temporaryFolder(): (...segments: string[]) => string {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "quantscope-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (...segments) => path.join(folder, ...segments);
}
