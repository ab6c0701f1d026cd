import { FormatError } from "../../errors";
import type { Folder } from "../../file";
import { limits } from "../../limits";
import { insideSegments } from "../../relativePath";
import type { MetadataValue } from "../../tensor/checkpoint";
import { DiagnosticList } from "../diagnosticList";
import { JsonScanner, JsonSyntaxError } from "../jsonScanner";
import { readSidecarText } from "../sidecar";
import { countOf, quoteName } from "../text";

/** Which tensor lies in which file of a sharded checkpoint: the content of `model.safetensors.index.json`, `pytorch_model.bin.index.json` or Keras's `model.weights.json`. */
export interface ShardIndex {
  readonly name: string;
  /** Tensor name → path of its file, in the order of the index: relative to the index's own folder, in it or below. */
  readonly weightMap: ReadonlyMap<string, string>;
  /** Path of a group of tensors, from the root → paths of its files: Keras names no single tensors. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  /** `metadata.total_size`: bytes of all tensors. */
  readonly totalSize?: number;
  /** The scalars among `metadata`. */
  readonly metadata: ReadonlyMap<string, MetadataValue>;
}

const indexHint = "Download the index again.";

/** Whether a file name is one that indexes have: also `….index.fp16.json`, and `….weights.json` of Keras. */
export function isIndexName(name: string): boolean {
  return /\.(index(\.[^.]+)?|weights)\.json$/.test(name);
}

/** All files that an index names, each once. */
export function shardsOf({ weightMap, groups }: ShardIndex): string[] {
  return [...new Set([...weightMap.values(), ...[...groups.values()].flatMap((files) => [...files])])].sort();
}

/**
 * Reads an index.
 * @returns undefined when the file is JSON but no index
 * @throws FormatError when it cannot be read or is not JSON
 */
export async function readShardIndex(folder: Folder, name: string, diagnostics: DiagnosticList): Promise<ShardIndex | undefined> {
  const file = await folder.open(name);
  let text: string;
  try {
    text = await readSidecarText(file);
  } finally {
    await file.close();
  }
  return parseShardIndex(text, name, diagnostics);
}

/** The index in the folder that names `file` as one of its shards. Indexes that cannot be read are passed over. */
export async function findIndexOf(file: string, folder: Folder): Promise<{ index: ShardIndex; diagnostics: DiagnosticList } | undefined> {
  for (const name of (await listIfAllowed(folder)).filter(isIndexName).sort()) {
    const diagnostics = new DiagnosticList();
    try {
      const index = await readShardIndex(folder, name, diagnostics);
      if (index && shardsOf(index).includes(file)) return { index, diagnostics };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return undefined;
}

/** Files can be readable in folders that cannot be listed. */
async function listIfAllowed(folder: Folder): Promise<string[]> {
  try {
    return await folder.list();
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

/** @throws FormatError `index.bad-json`, `index.too-many-tensors` */
function parseShardIndex(text: string, name: string, diagnostics: DiagnosticList): ShardIndex | undefined {
  const scanner = new JsonScanner(text);
  const weightMap = new Map<string, string>();
  const groups = new Map<string, ReadonlySet<string>>();
  const metadata = new Map<string, MetadataValue>();
  let hasMap = false;
  try {
    if (scanner.kind() !== "object") return undefined;
    scanner.object((key) => {
      if (key === "weight_map" && scanner.kind() === "object") {
        hasMap = true;
        readWeightMap(scanner, name, { weightMap, groups }, diagnostics);
      } else if (key === "metadata" && scanner.kind() === "object") readScalars(scanner, metadata);
      else scanner.skip();
    });
    if (!scanner.isAtEnd()) throw new JsonSyntaxError(scanner.at, "the end", JSON.stringify(text.slice(scanner.at, scanner.at + 16)));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new FormatError("index.bad-json", `"${name}" is not valid JSON`, {
      file: name,
      offset: new TextEncoder().encode(text.slice(0, error.at)).length,
      expected: error.expected,
      found: error.found,
      hint: indexHint,
    });
  }
  if (!hasMap) return undefined;
  const total = metadata.get("total_size");
  return { name, weightMap, groups, metadata, totalSize: typeof total === "number" ? total : undefined };
}

interface Maps {
  readonly weightMap: Map<string, string>;
  readonly groups: Map<string, ReadonlySet<string>>;
}

function readWeightMap(scanner: JsonScanner, file: string, { weightMap, groups }: Maps, diagnostics: DiagnosticList): void {
  scanner.object((tensor) => {
    if (weightMap.size + groups.size >= limits.tensors) {
      throw new FormatError("index.too-many-tensors", `"${file}" lists more than ${countOf(limits.tensors)} tensors`, {
        file,
        expected: `at most ${countOf(limits.tensors)}`,
        found: "more",
        hint: indexHint,
      });
    }
    if (scanner.kind() !== "string") {
      const found = scanner.skip();
      const files = groupFiles(found);
      if (files) {
        groups.set(tensor, files);
        return;
      }
      diagnostics.add("warning", "index.bad-entry", `The index names no file for ${quoteName(tensor)}`, {
        file,
        tensor,
        expected: "a file name",
        found: found.slice(0, 40),
        hint: indexHint,
      });
      return;
    }
    const path = scanner.string();
    const shard = shardPath(path);
    if (shard === undefined) {
      diagnostics.add("error", "index.bad-path", `The index looks for ${quoteName(tensor)} outside its own folder`, {
        file,
        tensor,
        expected: "the path of a file in the folder of the index or below",
        found: path.slice(0, 200),
        hint: "Files elsewhere are not opened. Put all shards beside the index.",
      });
      return;
    }
    const previous = weightMap.get(tensor);
    if (previous !== undefined) {
      diagnostics.add("warning", "index.duplicate-name", `The index lists ${quoteName(tensor)} twice; the last one counts`, {
        file,
        tensor,
        expected: previous,
        found: shard,
        hint: indexHint,
      });
    }
    weightMap.set(tensor, shard);
  });
}

/** The files of a group of tensors, as Keras lists them; undefined for any other value. */
function groupFiles(json: string): ReadonlySet<string> | undefined {
  const value: unknown = json.startsWith("[") ? JSON.parse(json) : undefined;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const paths = value.map((path) => (typeof path === "string" ? shardPath(path) : undefined));
  return paths.every((path) => path !== undefined) ? new Set(paths) : undefined;
}

function readScalars(scanner: JsonScanner, metadata: Map<string, MetadataValue>): void {
  scanner.object((key) => {
    const kind = scanner.kind();
    if (kind === "string") metadata.set(key, scanner.string());
    else if (kind === "number") metadata.set(key, scanner.number());
    else if (kind === "boolean") metadata.set(key, scanner.skip() === "true");
    else scanner.skip();
  });
}

/** A path as it is opened; undefined for one that could lead out of the folder, on any system. */
function shardPath(path: string): string | undefined {
  try {
    return insideSegments(path).join("/");
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
