import { type File as Hdf5File } from "h5wasm";

let written = 0;

/** Bytes of an HDF5 file that `fill` has filled, written by the library itself. */
export async function writeHdf5(fill: (file: Hdf5File) => unknown): Promise<Uint8Array> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  const path = `/written-${++written}.h5`;
  const file = new File(path, "w");
  fill(file);
  file.close();
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}
