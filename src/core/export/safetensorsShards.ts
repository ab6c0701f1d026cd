/** Cuts a list into files of at most `most` bytes of tensor data; what is larger alone has a file of its own. */
export function groupShards<T>(items: readonly T[], bytesOf: (item: T) => number, most = Infinity): T[][] {
  const groups: T[][] = [[]];
  let size = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (size + bytes > most && groups.at(-1)!.length > 0) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(item);
    size += bytes;
  }
  return groups;
}

/** `model-00001-of-00003.safetensors`, as Hugging Face names shards; a single file keeps its name. */
export function shardPaths(out: string, count: number): string[] {
  if (count === 1) return [out];
  const stem = out.replace(/\.safetensors$/i, "");
  const five = (number: number): string => String(number).padStart(5, "0");
  return Array.from({ length: count }, (_, index) => `${stem}-${five(index + 1)}-of-${five(count)}.safetensors`);
}

/**
 * The index by which loaders find the shard of a tensor.
 *
 * @param paths of the shards
 * @param entries names of the tensors in each
 * @param totalSize bytes of all tensors
 */
export function shardIndexFile(
  out: string,
  paths: readonly string[],
  entries: readonly (readonly string[])[],
  totalSize: number,
): { name: string; bytes: Uint8Array } {
  const map = entries.flatMap((names, index) => names.map((name) => [name, paths[index]!.replace(/^.*[/\\]/, "")] as const));
  const document = { metadata: { total_size: totalSize }, weight_map: Object.fromEntries(map) };
  return { name: `${out}.index.json`, bytes: new TextEncoder().encode(`${JSON.stringify(document, undefined, 2)}\n`) };
}
