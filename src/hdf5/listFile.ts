import type { Metadata } from "h5wasm";
import { limits } from "../core/limits";
import type { Hdf5Dataset, Hdf5Listing, Hdf5Type } from "../core/formats/hdf5/library";
import type { MetadataValue } from "../core/tensor/checkpoint";
import type { OpenedHdf5 } from "./h5wasm";

/** Groups whose attributes describe the model, as Keras writes them. */
const describedGroups = ["/", "/model_weights"];
/** Members of a type that are looked at. */
const mostMembers = 64;
/** Attributes of a group that are looked at. */
const mostAttributes = 1000;

/** Visits all groups and datasets of a file, in the order of their creation where the file keeps it, else by name. */
export function listFile(file: OpenedHdf5): Hdf5Listing {
  const walk = new Walk(file);
  walk.group("", 0);
  const attributes = new Map<string, MetadataValue>();
  for (const group of describedGroups) if (walk.has(group)) addAttributes(file, group, attributes);
  return { datasets: walk.datasets, attributes, links: walk.links, isWhole: walk.isWhole };
}

class Walk {
  readonly datasets: Hdf5Dataset[] = [];
  readonly links: string[] = [];
  isWhole = true;
  private visited = 0;
  private characters = 0;

  constructor(private readonly file: OpenedHdf5) {}

  has(path: string): boolean {
    const { library, id } = this.file;
    return path === "/" || (!this.isLink(path) && quietly(() => library.get_type(id, path)) === library.H5G_GROUP);
  }

  /** @param path without a slash at its end */
  group(path: string, depth: number): void {
    const { library, id } = this.file;
    for (const name of library.get_names(id, path || "/", false)) {
      const child = `${path}/${name}`;
      this.characters += child.length;
      if (++this.visited > limits.hdf5Objects || this.characters > limits.nameCharacters) {
        this.isWhole = false;
        return;
      }
      if (this.isLink(child)) {
        this.links.push(child.slice(1));
        continue;
      }
      const type = quietly(() => library.get_type(id, child));
      if (type === library.H5G_DATASET) this.dataset(child);
      else if (type === library.H5G_GROUP && depth < limits.hdf5Depth) this.group(child, depth + 1);
      else if (type === library.H5G_GROUP) this.isWhole = false;
    }
  }

  private dataset(path: string): void {
    const { library, id } = this.file;
    const { shape, chunks, virtual_sources: sources, ...type } = library.get_dataset_metadata(id, path);
    this.datasets.push({
      path: path.slice(1),
      type: typeOf(type),
      shape: shape === null ? null : [...shape],
      chunks: chunks === null ? null : [...chunks],
      filters: library.get_dataset_filters(id, path).map((filter) => ({ id: filter.id, name: filter.name })),
      virtualFiles: (sources ?? []).map((source) => source.file_name),
      kerasType: this.kerasType(path),
    });
  }

  private kerasType(path: string): string | undefined {
    const value = quietly(() => attributeValue(this.file, path, "dtype"));
    return typeof value === "string" ? value : undefined;
  }

  private isLink(path: string): boolean {
    const { library, id } = this.file;
    return (
      (quietly(() => library.get_symbolic_link(id, path)) ?? "") !== "" ||
      quietly(() => library.get_external_link(id, path)?.filename) !== undefined
    );
  }
}

function typeOf(type: Omit<Metadata, "shape" | "chunks" | "maxshape">): Hdf5Type {
  const compound = type.compound_type?.members.slice(0, mostMembers) ?? [];
  const named = Object.keys(type.enum_type?.members ?? {}).slice(0, mostMembers);
  return {
    class: type.type,
    bytes: type.size,
    isSigned: type.signed,
    isLittleEndian: type.littleEndian,
    isVariable: type.vlen,
    members: [
      ...compound.map((member) => ({ name: member.name, offset: member.offset, type: typeOf({ ...member, compound_type: undefined }) })),
      ...named.map((name) => ({ name, offset: 0 })),
    ],
  };
}

function addAttributes(file: OpenedHdf5, group: string, attributes: Map<string, MetadataValue>): void {
  const { library, id } = file;
  for (const name of (quietly(() => library.get_attribute_names(id, group)) ?? []).slice(0, mostAttributes)) {
    const value = quietly(() => attributeValue(file, group, name));
    if (value !== undefined && !attributes.has(name)) attributes.set(name, value);
  }
}

/** A text or a number that an attribute is; undefined for lists and anything else. */
function attributeValue({ library, id }: OpenedHdf5, path: string, name: string): MetadataValue | undefined {
  if (!library.get_attribute_names(id, path).includes(name)) return undefined;
  const metadata = library.get_attribute_metadata(id, path, name);
  const { type, size, total_size: count, vlen: isVariable } = metadata;
  if (count !== 1 || size > limits.hdf5TextBytes) return undefined;
  const pointer = library._malloc(size);
  try {
    library.get_attribute_data(id, path, name, BigInt(pointer));
    const bytes = library.HEAPU8.slice(pointer, pointer + size);
    const view = new DataView(bytes.buffer);
    if (type === library.H5T_class_t.H5T_STRING.value) {
      const text = isVariable ? textAt(library.HEAPU8, view.getUint32(0, true)) : textAt(bytes, 0);
      if (isVariable) library.reclaim_vlen_memory(id, path, name, BigInt(pointer));
      return text;
    }
    if (type === library.H5T_class_t.H5T_FLOAT.value && size === 4) return view.getFloat32(0, true);
    if (type === library.H5T_class_t.H5T_FLOAT.value && size === 8) return view.getFloat64(0, true);
    if (type !== library.H5T_class_t.H5T_INTEGER.value) return undefined;
    if (size === 4) return metadata.signed ? view.getInt32(0, true) : view.getUint32(0, true);
    return size === 8 ? view.getBigInt64(0, true) : undefined;
  } finally {
    library._free(pointer);
  }
}

/** The text that a zero byte or the limit ends. */
function textAt(bytes: Uint8Array, start: number): string {
  const most = bytes.subarray(start, start + limits.hdf5TextBytes);
  const end = most.indexOf(0);
  return new TextDecoder().decode(end < 0 ? most : most.subarray(0, end));
}

/** What a call to the library returns, or undefined when it throws: what is damaged in the file is passed over. */
function quietly<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
