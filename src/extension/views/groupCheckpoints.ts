import { shardNumber } from "../../core/formats/shardName";

/** A file found in the workspace, by its folder and name. */
export interface FoundFile {
  /** Folder path with `/` separators and none at the end. */
  readonly folder: string;
  readonly name: string;
}

/** Files that together are one checkpoint. */
export interface CheckpointGroup {
  /** What the user sees: the file's name, or the folder's for files that are all called alike. */
  readonly label: string;
  readonly folder: string;
  /** The file to open: the index, the first shard, or the only file. */
  readonly main: string;
  /** Files that hold weights, in order of their names. */
  readonly parts: readonly string[];
}

const indexPattern = /^(.+)\.(safetensors|bin)\.index\.json$/;
/** Keras's index of parts, and a part. */
const kerasIndex = /^(.+)\.weights\.json$/;
const kerasPart = /^(.+)_\d{5}\.weights\.h5$/;
/** Endings that only checkpoints have, or that stand for weights wherever models are made. */
const ownEndings = /\.(safetensors|gguf|pt|pth|ckpt|npy|npz|onnx|tflite|h5|hdf5|keras)$/;
/** `.bin` is anything; PyTorch's files of weights have a name. */
const namedBinary = /model.*\.bin$/;
/** Names that say nothing about the model: Hugging Face libraries give them to every checkpoint. */
const genericNames = new Set(["model", "pytorch_model", "diffusion_pytorch_model", "adapter_model", "consolidated"]);

/** Whether a file is listed as a checkpoint, or as part of one, by its name. */
export function isCheckpointName(name: string): boolean {
  return ownEndings.test(name) || namedBinary.test(name) || indexPattern.test(name) || kerasIndex.test(name);
}

interface Draft {
  folder: string;
  /** File name without shard number and ending. */
  stem: string;
  index?: string;
  parts: string[];
}

function groupKey(file: FoundFile): { stem: string; key: string; kind: "index" | "shard" | "single" } {
  const shard = shardNumber(file.name);
  if (shard) return { stem: shard.prefix, key: `${file.folder}/${shard.prefix}${shard.suffix}/shards`, kind: "shard" };
  const index = indexPattern.exec(file.name);
  if (index) return { stem: index[1] ?? file.name, key: `${file.folder}/${index[1]}.${index[2]}/shards`, kind: "index" };
  const [keras, kind] = kerasIndex.test(file.name) ? ([kerasIndex, "index"] as const) : ([kerasPart, "shard"] as const);
  const stem = keras.exec(file.name)?.[1];
  if (stem !== undefined) return { stem, key: `${file.folder}/${stem}.weights/shards`, kind };
  return { stem: file.name.replace(/\.[^.]+$/, ""), key: `${file.folder}/${file.name}`, kind: "single" };
}

/**
 * Puts the shards of each checkpoint and its index together, and names every checkpoint. Sorted by folder, then name.
 */
export function groupCheckpoints(files: readonly FoundFile[]): CheckpointGroup[] {
  const drafts = new Map<string, Draft>();
  for (const file of files) {
    const { stem, key, kind } = groupKey(file);
    const draft = drafts.get(key) ?? { folder: file.folder, stem, parts: [] };
    drafts.set(key, draft);
    if (kind === "index") draft.index = file.name;
    else draft.parts.push(file.name);
  }
  // Other programs have files that are called like Keras's index.
  const found = [...drafts.values()].filter(({ index, parts }) => parts.length > 0 || !kerasIndex.test(index ?? ""));
  const named = found.map((draft) => ({ ...draft, parts: draft.parts.sort(), label: friendlyLabel(draft) }));
  const times = new Map<string, number>();
  for (const { label } of named) times.set(label, (times.get(label) ?? 0) + 1);
  return named
    .map(({ folder, parts, index, label }) => {
      const main = index ?? parts[0] ?? label;
      // Two checkpoints in one folder must not both be called like the folder.
      return { label: (times.get(label) ?? 0) > 1 ? uniqueLabel(folder, main) : label, folder, main, parts };
    })
    .sort((a, b) => compare(a.folder, b.folder) || compare(a.main, b.main));
}

function friendlyLabel({ folder, stem, parts, index }: Draft): string {
  if (genericNames.has(stem)) return lastSegment(folder) || stem;
  return index || parts.length > 1 ? stem : (parts[0] ?? stem);
}

function uniqueLabel(folder: string, main: string): string {
  return genericNames.has(main.split(/[.-]/)[0] ?? "") ? `${lastSegment(folder)}/${main}` : main;
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
