import { FormatError } from "../errors";
import type { Folder } from "../file";
import type { Checkpoint } from "../tensor/checkpoint";
import { limits } from "../limits";
import { DiagnosticList } from "./diagnosticList";
import { countOf, quoteName } from "./text";
import { isIndexName, readShardIndex, type ShardIndex } from "./safetensors/shardIndex";
import { openIndexed, openShards } from "./safetensors/shards";
import { shardNames, shardNumber } from "./shardName";

/** Names listed in the error about a folder with several checkpoints. */
const listedNames = 10;

/** What transformers and diffusers load from a folder, whatever other weights (adapters, variants, GGUF) lie beside it. */
const usualFiles = ["model.safetensors", "diffusion_pytorch_model.safetensors"];

/**
 * Opens the one checkpoint of a folder: through its index, or the file that loaders take, or the only file or set of files
 * with weights in it.
 * @param openFile opens one file of the folder, with whatever belongs to it
 * @throws FormatError `folder.empty`, `folder.several`, or what opening the file throws
 */
export async function openFolder(folder: Folder, openFile: (name: string) => Promise<Checkpoint>): Promise<Checkpoint> {
  const names = await folder.list();
  const diagnostics = new DiagnosticList();
  const indexes = await readIndexes(folder, names, diagnostics);
  const usual = indexes.some(isPlain) ? undefined : usualFiles.find((name) => names.includes(name));
  if (usual !== undefined) return openFile(usual);
  const index = indexes.length > 1 ? chooseIndex(indexes) : indexes[0];
  if (index) return openIndexed(folder, index.index, index.diagnostics);
  if (indexes.length > 1)
    throw severalCheckpoints(
      folder,
      indexes.map((found) => found.index.name),
    );

  const units = groupParts(names.filter((name) => /\.(safetensors|gguf)$/i.test(name)).sort());
  if (units.size > 1)
    throw severalCheckpoints(
      folder,
      [...units.values()].map((parts) => parts[0]!),
    );
  const [parts] = units.values();
  const first = parts?.[0];
  if (first === undefined) throw noCheckpoint(folder, names);
  const part = shardNumber(first);
  if (part && part.suffix.toLowerCase() === ".safetensors" && part.count > 1 && part.count <= limits.shards) {
    diagnostics.add("warning", "sharded.no-index", `The folder has parts of a checkpoint, but no index that lists them`, {
      file: first,
      expected: `${part.prefix}${part.suffix}.index.json`,
      found: `${countOf(parts!.length)} of ${countOf(part.count)} parts`,
      hint: "Loaders need the index. Download it, or save the checkpoint again.",
    });
    return openShards(folder, shardNames(part), diagnostics);
  }
  return openFile(first);
}

interface FoundIndex {
  readonly index: ShardIndex;
  readonly diagnostics: DiagnosticList;
}

/** The indexes of safetensors files in a folder. What cannot be read is reported and passed over. */
async function readIndexes(folder: Folder, names: readonly string[], problems: DiagnosticList): Promise<FoundIndex[]> {
  const found: FoundIndex[] = [];
  for (const name of names.filter(isIndexName).sort()) {
    const diagnostics = new DiagnosticList();
    try {
      const index = await readShardIndex(folder, name, diagnostics);
      if (index && [...index.weightMap.values()].some((shard) => shard.endsWith(".safetensors"))) found.push({ index, diagnostics });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(error.toDiagnostic("warning"));
    }
  }
  return found;
}

/** Whether there is no variant in the name of an index, as in `….index.fp16.json`. */
function isPlain({ index }: FoundIndex): boolean {
  return index.name.endsWith(".index.json");
}

/** The one without a variant in its name, or the one that transformers looks for. */
function chooseIndex(indexes: readonly FoundIndex[]): FoundIndex | undefined {
  const plain = indexes.filter(isPlain);
  return plain.length === 1 ? plain[0] : plain.find((found) => found.index.name === "model.safetensors.index.json");
}

/** Files that belong together by their names (`…-00001-of-00003…`), in order. */
function groupParts(names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const part = shardNumber(name);
    const key = part ? `${part.prefix}\0${part.count}\0${part.suffix}` : name;
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  return groups;
}

function severalCheckpoints(folder: Folder, names: readonly string[]): FormatError {
  const listed = names.slice(0, listedNames).map(quoteName).join(", ");
  const more = names.length > listedNames ? ` and ${countOf(names.length - listedNames)} more` : "";
  return new FormatError("folder.several", `The folder ${quoteName(folder.name)} has several checkpoints: ${listed}${more}`, {
    expected: "one checkpoint",
    found: countOf(names.length),
    hint: "Open one of these files.",
  });
}

function noCheckpoint(folder: Folder, names: readonly string[]): FormatError {
  return new FormatError("folder.empty", `The folder ${quoteName(folder.name)} has no checkpoint`, {
    expected: "a .safetensors or .gguf file, or an index of safetensors files",
    found: `${countOf(names.length)} other ${names.length === 1 ? "file" : "files"}`,
    hint: "Quantscope reads safetensors and GGUF. Open the folder that has the weights.",
  });
}
