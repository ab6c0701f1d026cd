import { FormatError } from "../../errors";
import type { FileRef, Hdf5Place, Hdf5Ref } from "../../fileRef";
import type { MetadataValue } from "../../tensor/checkpoint";
import type { OpenSource } from "../../views/byteSource";

/** What the elements of a dataset are, as the HDF5 library describes them. */
export interface Hdf5Type {
  /** `H5T_class_t`: 0 integers, 1 floats, 3 texts, 6 compounds, 8 enumerations … */
  readonly class: number;
  /** Bytes of an element. */
  readonly bytes: number;
  readonly isSigned: boolean;
  readonly isLittleEndian: boolean;
  /** Of variable length: elements are elsewhere in the file. */
  readonly isVariable: boolean;
  /** Members of a compound, or of an enumeration. */
  readonly members: readonly { readonly name: string; readonly offset: number; readonly type?: Hdf5Type }[];
}

export interface Hdf5Dataset {
  /** Path from the root, without a slash before it. */
  readonly path: string;
  readonly type: Hdf5Type;
  /** Null for a dataset that never has elements. */
  readonly shape: readonly number[] | null;
  readonly chunks: readonly number[] | null;
  /** What its chunks were put through when they were written. */
  readonly filters: readonly { readonly id: number; readonly name: string }[];
  /** Names of the files that the parts of a virtual dataset are in. */
  readonly virtualFiles: readonly string[];
  /** Keras's own name of the type, where HDF5 has none for it. */
  readonly kerasType?: string;
}

/** What is in an HDF5 file. */
export interface Hdf5Listing {
  readonly datasets: readonly Hdf5Dataset[];
  /** Attributes of the root and of `model_weights`. */
  readonly attributes: ReadonlyMap<string, MetadataValue>;
  /** Paths of soft and external links, which are not followed. */
  readonly links: readonly string[];
  /** Whether everything was visited: a file can lead in circles. */
  readonly isWhole: boolean;
}

/** Reads what is in an HDF5 file. Injected: the library is large, and may not end with a hostile file. */
export interface Hdf5Lister {
  /** @throws FormatError */
  list(place: Hdf5Place): Promise<Hdf5Listing>;
}

/** Reads elements of datasets synchronously. Injected: the library is loaded by the threads that need it. */
export interface Hdf5Slices {
  /** @throws FormatError */
  open(ref: Hdf5Ref, open: OpenSource): Hdf5Slice;
}

export interface Hdf5Slice {
  /** Fills `target` with the elements from `start` on, `count` in each dimension. */
  read(start: readonly number[], count: readonly number[], target: Uint8Array): void;
  close(): void;
}

/** Reads ranges of datasets in another thread, for pages of values. Injected as the others are. */
export interface Hdf5Reader {
  /**
   * Bytes of a reference that is made of a dataset.
   *
   * @throws FormatError `hdf5.endless` for a dataset that the library does not come to an end with, and others
   */
  read(ref: FileRef, offset: number, bytes: number): Promise<Uint8Array>;
}

let lister: Hdf5Lister | undefined;
let reader: Hdf5Reader | undefined;
let slices: Hdf5Slices | undefined;

/** Says what lists HDF5 files from now on. */
export function provideHdf5Lister(given: Hdf5Lister): void {
  lister = given;
}

/** Says what reads pages of datasets from now on. */
export function provideHdf5Reader(given: Hdf5Reader): void {
  reader = given;
}

/** Says what reads datasets in this thread from now on. */
export function provideHdf5Slices(given: Hdf5Slices): void {
  slices = given;
}

/** @throws FormatError `hdf5.no-library` where nothing was provided */
export function hdf5Lister(): Hdf5Lister {
  if (!lister) throw noLibrary();
  return lister;
}

/** @throws FormatError `hdf5.no-library` where nothing was provided */
export function hdf5Reader(): Hdf5Reader {
  if (!reader) throw noLibrary();
  return reader;
}

/** @throws FormatError `hdf5.no-library` where nothing was provided */
export function hdf5Slices(): Hdf5Slices {
  if (!slices) throw noLibrary();
  return slices;
}

function noLibrary(): FormatError {
  return new FormatError("hdf5.no-library", "HDF5 files cannot be read here", {
    expected: "the HDF5 library",
    found: "none",
    hint: "Quantscope is not installed completely. Install it again.",
  });
}
