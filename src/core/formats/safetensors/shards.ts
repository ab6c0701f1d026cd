import { FormatError } from "../../errors";
import type { Folder, RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { Checkpoint, CheckpointFile, FormatId, MetadataValue } from "../../tensor/checkpoint";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { reportDuplicate } from "../duplicateTensor";
import { readModelConfig } from "../sidecar";
import { readHead, refuse } from "../sniff";
import { countBytes, countOf, quoteName } from "../text";
import { mergeMetadata, metadataEntries } from "./metadata";
import { isHdf5, readHdf5 } from "../hdf5/readFile";
import { isTorch, readTorch } from "../torch/readFile";
import { isSafetensors, readSafetensors } from "./readFile";
import { type ShardIndex, shardsOf } from "./shardIndex";

/** What one shard holds. */
interface ShardContent {
  readonly tensors: readonly TensorInfo[];
  readonly metadata: ReadonlyMap<string, MetadataValue>;
}

/** A format whose checkpoints are sharded with an index. */
interface ShardFormat {
  readonly id: FormatId;
  matches(head: Uint8Array): boolean;
  read(file: RandomAccessFile, head: Uint8Array, place: number, diagnostics: DiagnosticList): Promise<ShardContent>;
}

const shardFormats: readonly ShardFormat[] = [
  { id: "safetensors", matches: isSafetensors, read: (file, _head, place, diagnostics) => readSafetensors(file, place, diagnostics) },
  { id: "torch", matches: isTorch, read: readTorch },
  { id: "hdf5", matches: isHdf5, read: (file, _head, place, diagnostics) => readHdf5(file, place, diagnostics) },
];

/** The shards that an index names, opened as one checkpoint. */
export async function openIndexed(folder: Folder, index: ShardIndex, diagnostics: DiagnosticList): Promise<Checkpoint> {
  const checkpoint = await openShards(folder, shardsOf(index), diagnostics, index);
  return { ...checkpoint, metadata: [...checkpoint.metadata, ...metadataEntries(index.metadata)] };
}

/**
 * Opens several files as one checkpoint. One that is missing or broken keeps its place and gets a diagnostic; the
 * tensors of the others are shown.
 * @throws FormatError when there are too many files, or none of them can be opened
 */
export async function openShards(
  folder: Folder,
  names: readonly string[],
  diagnostics: DiagnosticList,
  index?: ShardIndex,
): Promise<Checkpoint> {
  if (names.length > limits.shards) {
    throw new FormatError("sharded.too-many-shards", `"${index?.name ?? folder.name}" names more than ${countOf(limits.shards)} files`, {
      file: index?.name,
      expected: `at most ${countOf(limits.shards)}`,
      found: countOf(names.length),
      hint: "The index is damaged. Download it again.",
    });
  }
  const files: CheckpointFile[] = [];
  const contents: (readonly TensorInfo[] | undefined)[] = [];
  const metadata = new Map<string, MetadataValue>();
  let format: FormatId | undefined;
  try {
    for (const name of names) {
      const shard = await openShard(folder, name, files.length, diagnostics, index);
      files.push(shard.file);
      contents.push(shard.tensors);
      format ??= shard.format;
      mergeMetadata(metadata, shard.metadata, name);
    }
    if (files.length > 0 && files.every(({ file }) => !file)) throw noneReadable(folder, names, diagnostics);
    const tensors = mergeTensors(names, contents, diagnostics, index);
    if (index && contents.every((content) => content !== undefined)) checkTotalSize(tensors, index, diagnostics);
    const config = await readModelConfig(folder, diagnostics);
    return {
      format: format ?? "safetensors",
      name: folder.name,
      files,
      tensors,
      metadata: metadataEntries(metadata),
      architecture: config?.architecture,
      config: config?.config,
      warnings: diagnostics.result(),
      close: () => closeAll(files),
    };
  } catch (error) {
    await closeAll(files);
    throw error;
  }
}

async function closeAll(files: readonly CheckpointFile[]): Promise<void> {
  for (const { file } of files) await file?.close();
}

interface OpenedShard {
  readonly file: CheckpointFile;
  /** Undefined, like `tensors`, when nothing of it can be shown. */
  readonly format?: FormatId;
  readonly tensors?: readonly TensorInfo[];
  readonly metadata: ReadonlyMap<string, MetadataValue>;
}

async function openShard(
  folder: Folder,
  name: string,
  place: number,
  diagnostics: DiagnosticList,
  index: ShardIndex | undefined,
): Promise<OpenedShard> {
  let bytes = 0;
  try {
    // A plain name may be a link to anywhere, as in Hugging Face's cache; a path leads below the folder only.
    const file = index && name.includes("/") ? await folder.openInside(name, index.name) : await folder.open(name);
    bytes = file.size;
    try {
      const head = await readHead(file);
      const format = shardFormats.find((candidate) => candidate.matches(head));
      if (!format) throw await refuse(file, head);
      const content = await format.read(file, head, place, diagnostics);
      return { file: { name, bytes, file }, format: format.id, ...content };
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    reportLostShard(error, name, diagnostics, index);
    return { file: { name, bytes }, metadata: new Map() };
  }
}

function reportLostShard(error: FormatError, name: string, diagnostics: DiagnosticList, index: ShardIndex | undefined): void {
  let count = 0;
  for (const shard of index?.weightMap.values() ?? []) if (shard === name) count++;
  const lost = count === 0 ? "its tensors are" : count === 1 ? "its tensor is" : `its ${countOf(count)} tensors are`;
  if (error.code === "io.not-found") {
    diagnostics.add("error", "sharded.missing-shard", `${quoteName(name)} is missing; ${lost} not shown`, {
      file: name,
      expected: `${quoteName(name)} beside the other files`,
      found: "no such file",
      hint: "Download the missing file into this folder.",
    });
    return;
  }
  diagnostics.push(error.toDiagnostic("error"));
  diagnostics.add("error", "sharded.broken-shard", `${quoteName(name)} cannot be read; ${lost} not shown`, {
    file: name,
    expected: "a file of tensors",
    found: error.message,
    hint: error.fields.hint,
  });
}

function noneReadable(folder: Folder, names: readonly string[], diagnostics: DiagnosticList): FormatError {
  const first = diagnostics.result().find((diagnostic) => diagnostic.severity === "error");
  return new FormatError(
    "sharded.no-shards",
    `None of the ${countOf(names.length)} files of the checkpoint in ${quoteName(folder.name)} can be read`,
    {
      file: first?.file ?? names[0],
      offset: first?.offset,
      expected: first?.expected,
      found: first ? first.message : undefined,
      hint: first?.hint,
    },
  );
}

/** One list of all shards' tensors, each name once, checked against the index. */
function mergeTensors(
  names: readonly string[],
  contents: readonly (readonly TensorInfo[] | undefined)[],
  diagnostics: DiagnosticList,
  index: ShardIndex | undefined,
): TensorInfo[] {
  const chosen = new Map<string, TensorInfo>();
  for (const content of contents) {
    for (const tensor of content ?? []) {
      const other = chosen.get(tensor.name);
      const mapped = index?.weightMap.get(tensor.name);
      if (!other) chosen.set(tensor.name, tensor);
      else {
        const keep = mapped === names[tensor.file] ? tensor : other;
        chosen.set(tensor.name, keep);
        reportDuplicate(diagnostics, "sharded.duplicate-tensor", "file", names, { tensor, other, shown: keep });
      }
    }
  }
  if (index) checkMap(names, contents, chosen, index, diagnostics);
  return contents.flatMap((content) => (content ?? []).filter((tensor) => chosen.get(tensor.name) === tensor));
}

function checkMap(
  names: readonly string[],
  contents: readonly (readonly TensorInfo[] | undefined)[],
  chosen: ReadonlyMap<string, TensorInfo>,
  index: ShardIndex,
  diagnostics: DiagnosticList,
): void {
  for (const [name, tensor] of chosen) {
    const mapped = index.weightMap.get(name);
    const file = names[tensor.file]!;
    if (mapped === file || index.groups.get(groupOf(name))?.has(file)) continue;
    diagnostics.add(
      "warning",
      "sharded.unmapped-tensor",
      `The index does not expect ${quoteName(name)} in ${quoteName(names[tensor.file]!)}`,
      {
        file: names[tensor.file],
        tensor: name,
        offset: tensor.offset,
        expected: mapped === undefined ? "an entry in the index" : `the tensor in ${mapped}`,
        found: mapped === undefined ? "none" : `it in ${names[tensor.file]}`,
        hint: "Loaders that go by the index do not find this tensor.",
      },
    );
  }
  const readable = new Set(names.filter((_, place) => contents[place] !== undefined));
  for (const [name, shard] of index.weightMap) {
    if (chosen.has(name) || !readable.has(shard)) continue;
    diagnostics.add("error", "sharded.missing-tensor", `${quoteName(name)} is not in ${quoteName(shard)}, where the index has it`, {
      file: shard,
      tensor: name,
      expected: `${quoteName(name)} in ${quoteName(shard)}`,
      found: "no such tensor",
      hint: "Index and files are of different versions. Download all of them again.",
    });
  }
}

/** The group that a dataset of an HDF5 file is in, as Keras's indexes call it. */
function groupOf(name: string): string {
  return `/${name.slice(0, Math.max(0, name.lastIndexOf("/")))}`;
}

function checkTotalSize(tensors: readonly TensorInfo[], index: ShardIndex, diagnostics: DiagnosticList): void {
  const total = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  if (index.totalSize === undefined || index.totalSize === total) return;
  diagnostics.add("warning", "sharded.total-size", `The tensors have ${countBytes(total)}, not the total_size of the index`, {
    file: index.name,
    expected: countBytes(index.totalSize),
    found: countBytes(total),
    hint: "Harmless if only total_size is wrong, which some exporters write so; otherwise a file is of another version.",
  });
}
