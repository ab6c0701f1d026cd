import { type DiagnosticFields, FormatError } from "../core/errors";
import { fileNameOf, type Hdf5Place } from "../core/fileRef";
import type { OpenSource } from "../core/views/byteSource";
import { type FS, type Module, ready } from "h5wasm";

type Library = typeof Module;
type FileSystem = NonNullable<typeof FS>;

/** A file of the library's own file system, as far as reading it by range needs. */
interface FileNode {
  usedBytes: number;
  stream_ops: Readonly<Record<string, unknown>>;
}

/** An HDF5 file that the library has opened. Its bytes are read by range, when the library asks for them. */
export interface OpenedHdf5 {
  readonly library: Library;
  readonly id: bigint;
  close(): void;
}

/** The folder of the files that are open. The library sees no other file: links to the disk lead nowhere. */
const folder = "/hdf5";
let opened = 0;

/** Loads the HDF5 library (h5wasm, HDF5 2.0 as WebAssembly), once. */
export async function loadLibrary(): Promise<Library> {
  const library = await ready;
  library.activate_throwing_error_handler();
  if (!library.FS.analyzePath(folder, true).exists) library.FS.mkdir(folder);
  return library;
}

/** Opens the HDF5 file at a place. @throws FormatError `hdf5.cannot-open` */
export function openPlace(library: Library, place: Hdf5Place, open: OpenSource): OpenedHdf5 {
  const files: FileSystem = library.FS;
  const source = open(place.source);
  const path = `${folder}/${++opened}`;
  let failure: unknown;
  try {
    files.writeFile(path, new Uint8Array(0));
    const node = files.lookupPath(path, {}).node as unknown as FileNode;
    node.usedBytes = place.bytes;
    const read = (_: unknown, buffer: Uint8Array, offset: number, length: number, position: number): number => {
      const count = Math.max(0, Math.min(length, place.bytes - position));
      try {
        source.read(place.offset + position, buffer.subarray(offset, offset + count));
      } catch (error) {
        failure = error;
        return 0;
      }
      return count;
    };
    node.stream_ops = { ...node.stream_ops, read };
    const id = library.open(path, library.H5F_ACC_RDONLY, false, -1, -1);
    return {
      library,
      id,
      close: () => {
        try {
          library.close_file(id);
        } finally {
          remove(files, path);
          source.close();
        }
      },
    };
  } catch (error) {
    remove(files, path);
    source.close();
    throw failure ?? libraryError("hdf5.cannot-open", "The HDF5 library cannot open the file", error, { file: fileNameOf(place.source) });
  }
}

function remove(files: FileSystem, path: string): void {
  const node = files.lookupPath(path, {}).node as unknown as FileNode;
  node.usedBytes = 0;
  files.unlink(path);
}

/** What the library says, in the end of its list of causes: the first one. @param where in which file and dataset */
export function libraryError(code: string, message: string, error: unknown, where: Pick<DiagnosticFields, "file" | "tensor">): FormatError {
  const text = error instanceof Error ? error.message : String(error);
  const causes = [...text.matchAll(/^ +#\d+: .*?\): (.*)$/gm)].map((match) => match[1]!);
  return new FormatError(code, message, {
    ...where,
    expected: "a whole HDF5 file",
    found: (causes[causes.length - 1] ?? text).slice(0, 200),
    hint: "The file is damaged, or its download was interrupted. Download it again.",
  });
}
