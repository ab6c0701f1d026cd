import type { MetadataEntry, MetadataValue } from "../../tensor/checkpoint";

/** Metadata of a JSON header, as entries: strings, and for an index numbers and booleans. */
export function metadataEntries(metadata: ReadonlyMap<string, MetadataValue>): MetadataEntry[] {
  return [...metadata].map(([key, value]) => ({ key, type: typeof value, value }));
}

/** Adds one shard's metadata. A key that another shard has with a different value is told apart by the file's name. */
export function mergeMetadata(all: Map<string, MetadataValue>, shard: ReadonlyMap<string, MetadataValue>, file: string): void {
  for (const [key, value] of shard) {
    const present = all.get(key);
    if (present === undefined) all.set(key, value);
    else if (present !== value) all.set(`${key} (${file})`, value);
  }
}
