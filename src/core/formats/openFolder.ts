import { FormatError } from "../errors";
import type { Folder } from "../file";
import type { Checkpoint } from "../tensor/checkpoint";
import { limits } from "../limits";
import { DiagnosticList } from "./diagnosticList";
import { whatWeRead } from "./sniff";
import { countOf, quoteName } from "./text";
import { isIndexName, readShardIndex, type ShardIndex, shardsOf } from "./safetensors/shardIndex";
import { openIndexed, openShards } from "./safetensors/shards";
import { shardNames, shardNumber } from "./shardName";

/** Names listed in the error about a folder with several checkpoints. */
const listedNames = 10;

/** Formats that a model is published in, as endings of files: those of the first kind that a folder has are its checkpoint. */
const endings: readonly RegExp[] = [/\.(safetensors|gguf)$/i, /\.(bin|pt|pth|ckpt)$/i, /\.(onnx|tflite|keras|h5|hdf5)$/i, /\.(npz|npy)$/i];

/** What transformers and diffusers load from a folder, whatever other weights (adapters, variants, GGUF) lie beside it. */
const usualFiles = [
  ["model.safetensors", "diffusion_pytorch_model.safetensors"],
  ["pytorch_model.bin", "diffusion_pytorch_model.bin"],
];

/** What trainers leave beside the weights. */
const companions = /^(training_args|optimizer|scheduler|scaler|rng_state|random_states)[._\d-]/i;

/**
 * Opens the one checkpoint of a folder: through its index, or the file that loaders take, or the only file or set of files
 * with weights in it.
 * @param openFile opens one file of the folder, with whatever belongs to it
 * @throws FormatError `folder.empty`, `folder.several`, or what opening the file throws
 */
export async function openFolder(folder: Folder, openFile: (name: string) => Promise<Checkpoint>): Promise<Checkpoint> {
  const names = await folder.list();
  const diagnostics = new DiagnosticList();
  const found = await readIndexes(folder, names, diagnostics);
  const present = new Set(names);
  // Where a checkpoint is there in both formats, its safetensors are what loaders take.
  for (const [kind, files] of usualFiles.entries()) {
    const ofKind = found.filter((candidate) => candidate.kind === kind);
    const usual = ofKind.some((candidate) => isPlain(candidate) && isComplete(candidate, present))
      ? undefined
      : files.find((name) => present.has(name));
    if (usual !== undefined) return openFile(usual);
    if (ofKind.length > 0) break;
  }
  const indexes = found.filter((candidate) => candidate.kind === found[0]!.kind);
  const index = indexes.length > 1 ? chooseIndex(indexes) : indexes[0];
  if (index) return openIndexed(folder, index.index, index.diagnostics);
  if (indexes.length > 1)
    throw severalCheckpoints(
      folder,
      indexes.map((found) => found.index.name),
    );

  const weights = endings.map((ending) => names.filter((name) => ending.test(name) && !companions.test(name)));
  const units = groupParts((weights.find((files) => files.length > 0) ?? []).sort());
  if (units.size > 1)
    throw severalCheckpoints(
      folder,
      [...units.values()].map((parts) => parts[0]!),
    );
  const [parts] = units.values();
  const first = parts?.[0];
  if (first === undefined) throw noCheckpoint(folder, names);
  const part = shardNumber(first);
  if (part && /\.(safetensors|bin)$/i.test(part.suffix) && part.count > 1 && part.count <= limits.shards) {
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
  /** Which of the {@link usualFiles} it stands for: 0 for safetensors, 1 for PyTorch files; 2 is Keras, which has none. */
  readonly kind: number;
  readonly diagnostics: DiagnosticList;
}

/** The indexes of files in a folder, those of safetensors first. What cannot be read is reported and passed over. */
async function readIndexes(folder: Folder, names: readonly string[], problems: DiagnosticList): Promise<FoundIndex[]> {
  const found: FoundIndex[] = [];
  for (const name of names.filter(isIndexName).sort()) {
    const diagnostics = new DiagnosticList();
    try {
      const index = await readShardIndex(folder, name, diagnostics);
      const shards = index ? shardsOf(index) : [];
      const kind = endings.findIndex((ending) => shards.some((shard) => ending.test(shard)));
      const isOfKeras = kind === 2 && !names.some((other) => endings[0]!.test(other) || endings[1]!.test(other));
      if (index && (kind === 0 || kind === 1 || isOfKeras)) found.push({ index, kind, diagnostics });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(error.toDiagnostic("warning"));
    }
  }
  return found.sort((a, b) => a.kind - b.kind);
}

/** Whether there is no variant in the name of an index, as in `….index.fp16.json`. */
function isPlain({ index }: FoundIndex): boolean {
  return index.name.endsWith(".index.json");
}

/** Whether the folder has every file that an index names; those in folders below are not looked for. */
function isComplete({ index }: FoundIndex, present: ReadonlySet<string>): boolean {
  return shardsOf(index).every((path) => path.includes("/") || present.has(path));
}

/** The one without a variant in its name, or the one that transformers looks for. */
function chooseIndex(indexes: readonly FoundIndex[]): FoundIndex | undefined {
  const plain = indexes.filter(isPlain);
  return plain.length === 1
    ? plain[0]
    : plain.find((found) => /^(model\.safetensors|pytorch_model\.bin)\.index\.json$/.test(found.index.name));
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
    expected: "a file with weights, or an index of such files",
    found: `${countOf(names.length)} other ${names.length === 1 ? "file" : "files"}`,
    hint: `${whatWeRead} Open the folder that has the weights.`,
  });
}
