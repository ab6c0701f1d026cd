import { FormatError } from "../../errors";
import type { Folder, RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { Checkpoint, CheckpointFile, MetadataEntry } from "../../tensor/checkpoint";
import type { TensorInfo } from "../../tensor/tensorInfo";
import { DiagnosticList } from "../diagnosticList";
import { reportDuplicate } from "../duplicateTensor";
import { shardNames, shardNumber } from "../shardName";
import { readHead, refuse } from "../sniff";
import { countOf, quoteName } from "../text";
import { metadataValue } from "./header";
import { readGguf, type GgufContent } from "./readFile";

const magic = [0x47, 0x47, 0x55, 0x46];

/** Whether a file starts like a GGUF file of any version and byte order. */
export function isGguf(head: Uint8Array): boolean {
  return magic.every((byte, index) => head[index] === byte);
}

/**
 * How many files the checkpoint was split into by llama-gguf-split, by `split.count`: 1 for a whole one.
 * @throws FormatError `gguf.too-many-parts`
 */
export function splitCount(content: GgufContent, file: string): number {
  const count = Number(metadataValue(content.metadata, "split.count") ?? 1);
  if (count > limits.shards) {
    throw new FormatError("gguf.too-many-parts", `The header says that the checkpoint is split into ${countOf(count)} files`, {
      file,
      expected: `at most ${countOf(limits.shards)}`,
      found: countOf(count),
      hint: "The header is damaged. Download the file again.",
    });
  }
  return Number.isSafeInteger(count) && count > 1 ? count : 1;
}

/**
 * Opens the parts of a split checkpoint by the names that llama-gguf-split gives them. Parts that are missing or broken
 * keep their place and get a diagnostic.
 */
export async function openSplit(names: readonly string[], folder: Folder, prefix: string): Promise<Checkpoint> {
  const diagnostics = new DiagnosticList();
  const files: CheckpointFile[] = [];
  const contents: (GgufContent | undefined)[] = [];
  const close = async (): Promise<void> => {
    for (const { file } of files) await file?.close();
  };
  try {
    for (const name of names) {
      const part = await openPart(name, files.length, folder, diagnostics);
      files.push(part.file);
      contents.push(part.content);
    }
    checkNumbers(names, contents, diagnostics);
    const tensors = mergeTensors(names, contents, diagnostics);
    checkTensorCount(contents, diagnostics);
    const metadata = mergeMetadata(contents);
    const architecture = metadataValue(metadata, "general.architecture");
    return {
      format: "gguf",
      formatVersion: contents.find((content) => content)?.version,
      name: prefix,
      files,
      tensors,
      metadata,
      architecture: typeof architecture === "string" ? architecture : undefined,
      warnings: diagnostics.result(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The names of all parts, or undefined when the file's own name does not tell. */
export function splitNames(file: string, count: number): { names: string[]; prefix: string } | undefined {
  const part = shardNumber(file);
  if (!part || part.count !== count || part.number < 1 || part.number > count) return undefined;
  return { names: shardNames(part), prefix: part.prefix };
}

async function openPart(
  name: string,
  place: number,
  folder: Folder,
  diagnostics: DiagnosticList,
): Promise<{ file: CheckpointFile; content?: GgufContent }> {
  let file: RandomAccessFile | undefined;
  try {
    file = await folder.open(name);
    const head = await readHead(file);
    if (!isGguf(head)) throw await refuse(file, head);
    const content = await readGguf(file, place, diagnostics);
    return { file: { name, bytes: file.size, file }, content };
  } catch (error) {
    await file?.close();
    if (!(error instanceof FormatError)) throw error;
    if (error.code === "io.not-found") {
      diagnostics.add("error", "gguf.missing-part", `${quoteName(name)} is missing; its tensors are not shown`, {
        file: name,
        expected: `${quoteName(name)} beside the other parts`,
        found: "no such file",
        hint: "Download the missing part into this folder.",
      });
    } else diagnostics.push(error.toDiagnostic("error"));
    return { file: { name, bytes: file?.size ?? 0 } };
  }
}

function checkNumbers(names: readonly string[], contents: readonly (GgufContent | undefined)[], diagnostics: DiagnosticList): void {
  contents.forEach((content, index) => {
    if (!content) return;
    const number = Number(metadataValue(content.metadata, "split.no") ?? NaN);
    const count = Number(metadataValue(content.metadata, "split.count") ?? NaN);
    if (number === index && count === names.length) return;
    diagnostics.add("warning", "gguf.wrong-part", `${quoteName(names[index]!)} says that it is another part than its name`, {
      file: names[index],
      expected: `split.no ${index} and split.count ${names.length}`,
      found: `split.no ${number} and split.count ${count}`,
      hint: "The file was renamed, or belongs to another checkpoint. llama.cpp refuses it.",
    });
  });
}

/** One list of all parts' tensors, each name once. */
function mergeTensors(names: readonly string[], contents: readonly (GgufContent | undefined)[], diagnostics: DiagnosticList): TensorInfo[] {
  const tensors = new Map<string, TensorInfo>();
  for (const content of contents) {
    for (const tensor of content?.tensors ?? []) {
      const other = tensors.get(tensor.name);
      if (!other) {
        tensors.set(tensor.name, tensor);
        continue;
      }
      reportDuplicate(diagnostics, "gguf.duplicate-tensor", "part", names, { tensor, other, shown: other });
    }
  }
  return [...tensors.values()];
}

function checkTensorCount(contents: readonly (GgufContent | undefined)[], diagnostics: DiagnosticList): void {
  if (contents.some((content) => !content)) return;
  const found = contents.reduce((sum, content) => sum + (content?.tensors.length ?? 0), 0);
  const expected = metadataValue(contents[0]?.metadata ?? [], "split.tensors.count");
  if (expected === undefined || Number(expected) === found) return;
  diagnostics.add("warning", "gguf.split-tensor-count", "The parts do not have as many tensors as they should", {
    expected: `${countOf(Number(expected))} tensors by split.tensors.count`,
    found: countOf(found),
    hint: "A part is of another version. Download all of them again.",
  });
}

/** All keys, each once: those of the first part, which has nearly all, then what others add. */
function mergeMetadata(contents: readonly (GgufContent | undefined)[]): MetadataEntry[] {
  const keys = new Set<string>();
  const entries: MetadataEntry[] = [];
  for (const content of contents) {
    if (!content) continue;
    entries.push(...content.metadata.filter((entry) => !keys.has(entry.key)));
    for (const entry of content.metadata) keys.add(entry.key);
  }
  return entries;
}
