import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { provideHdf5Lister, provideHdf5Reader, provideHdf5Slices } from "../../src/core/formats/hdf5/library";
import { hdf5ListerOf } from "../../src/io/hdf5Lister";
import { hdf5ReaderOf } from "../../src/io/hdf5Reader";

const bundle = path.join(__dirname, "..", "..", "dist", "hdf5.js");

/** Makes the built HDF5 library list files, and read datasets in the thread of the tests. */
export async function provideBuiltHdf5(): Promise<void> {
  assert.ok(existsSync(bundle), `${bundle} is missing: run \`npm run build\` first`);
  provideHdf5Lister(hdf5ListerOf(bundle));
  provideHdf5Reader(hdf5ReaderOf(bundle));
  const { loadSlices } = createRequire(bundle)(bundle) as typeof import("../../src/hdf5/main");
  provideHdf5Slices(await loadSlices());
}
