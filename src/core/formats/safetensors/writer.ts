import { FormatError } from "../../errors";
import { findDType, storedBytes } from "../../tensor/dtype";
import type { FileLayout } from "../fileLayout";

/** A tensor of a file to be written. */
export interface SafetensorsEntry {
  readonly name: string;
  /** Row-major. */
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** The header's length is a multiple of it, and so the data begins at one. */
const alignment = 8;

/**
 * The header of a safetensors file and the places of its tensors: widest types first, then by name, as the format's own
 * library writes them, so that every tensor is aligned to its type.
 *
 * @throws FormatError `safetensors.cannot-store`
 */
export function layOutSafetensors(entries: readonly SafetensorsEntry[], metadata: Readonly<Record<string, string>>): FileLayout {
  const sized = entries.map((entry, index) => ({ entry, index, bytes: entryBytes(entry), width: findDType(entry.dtype)!.blockBytes }));
  const ordered = [...sized].sort((a, b) => b.width - a.width || (a.entry.name < b.entry.name ? -1 : 1));
  const places = new Array<number>(entries.length);
  const listed: [string, unknown][] = [["__metadata__", metadata]];
  let next = 0;
  for (const { entry, index, bytes } of ordered) {
    places[index] = next;
    listed.push([entry.name, { dtype: entry.dtype, shape: entry.shape, data_offsets: [next, next + bytes] }]);
    next += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(listed)));
  const length = Math.ceil(json.length / alignment) * alignment;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return { header, offsets: places.map((place) => header.length + place), bytes: header.length + next };
}

function entryBytes({ name, shape, dtype }: SafetensorsEntry): number {
  const type = findDType(dtype);
  const bytes = type && type.family !== "block" ? storedBytes(type, shape) : undefined;
  if (bytes !== undefined) return bytes;
  throw new FormatError("safetensors.cannot-store", `${name} cannot be stored in a safetensors file as ${dtype}`, {
    tensor: name,
    found: dtype,
  });
}
