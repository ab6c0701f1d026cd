import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, quoteName } from "../text";
import { reportTruncation } from "../truncation";
import { reportPickle } from "./findings";
import { readPickle, type PickleResult } from "./pickle/machine";
import { itemsOf } from "./pickle/values";
import type { TorchContent } from "./content";
import { BadTensorError, storageOf } from "./rebuild";
import { walkState } from "./stateWalk";
import type { StorageBytes } from "./storages";
import { placeTensors } from "./tensors";

/** Bytes that are read at first; more when the pickles go on. */
const firstBytes = 2 ** 20;
/** The number that streams of `torch.save` begin with: 0x1950a86a20f9469cfc6c, as its opcode LONG1 has it. */
const magic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const protocolVersion = 1001;
const damagedHint = "The file is damaged, or its download was interrupted. Download it again.";

/** Whether a file starts like a pickle of protocol 2 or later. */
export function isPickle(head: Uint8Array): boolean {
  return head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5;
}

/** Whether a file starts like a stream of `torch.save` from before PyTorch 1.6: protocols put up to 11 bytes in front. */
export function isLegacyTorch(head: Uint8Array): boolean {
  return isPickle(head) && Array.from({ length: 12 }, (_, at) => at).some((at) => magic.every((byte, index) => head[at + index] === byte));
}

/**
 * Reads a stream of `torch.save` from before PyTorch 1.6: five pickles (magic number, protocol, system, object, keys of
 * storages), then each storage as the count of its elements and their bytes.
 * @param place the file's place in `Checkpoint.files`
 */
export async function readLegacyTorch(file: RandomAccessFile, place: number, diagnostics: DiagnosticList): Promise<TorchContent> {
  const [, protocol, , object, keys] = await readPickles(file, 5);
  if (protocol?.value !== protocolVersion) {
    throw new FormatError("torch.bad-protocol", `${quoteName(file.name)} has an unknown version of PyTorch's old format`, {
      file: file.name,
      offset: 0,
      expected: `protocol ${protocolVersion}`,
      found: typeof protocol?.value === "number" ? String(protocol.value) : "none",
      hint: damagedHint,
    });
  }
  if (!object) throw cutShort(file);
  reportPickle(object, { file: file.name, pickle: file.name, start: 0, isScript: false }, diagnostics);
  const state = walkState(object.value, file.name, diagnostics);
  const storages = await findStorages(file, object, keys, diagnostics);
  const tensors = await placeTensors(
    state.tensors,
    { file: place, isBigEndian: false, find: (key) => storages.get(key) },
    file,
    diagnostics,
  );
  if (tensors.length === 0 && object.failure && object.globals.size === 0) throw cutShort(file);
  reportTruncation(tensors, file, diagnostics);
  return { tensors, metadata: state.scalars };
}

/** The first pickles of a file, fewer when one cannot be followed to its end. */
export async function readPickles(file: RandomAccessFile, count: number): Promise<PickleResult[]> {
  for (let bytes = firstBytes; ; bytes *= 4) {
    const size = Math.min(bytes, file.size, limits.pickleBytes);
    const start = new Uint8Array(size);
    await file.read(0, start);
    const results: PickleResult[] = [];
    for (let at = 0; results.length < count;) {
      const result = readPickle(start, at);
      results.push(result);
      if (result.failure) break;
      at = result.end;
    }
    const isCut = results[results.length - 1]?.failure?.isCut === true;
    if (!isCut || size === file.size || size === limits.pickleBytes) return results;
  }
}

/** Where the storages lie behind the pickles, in the order of their keys. */
async function findStorages(
  file: RandomAccessFile,
  object: PickleResult,
  keys: PickleResult | undefined,
  diagnostics: DiagnosticList,
): Promise<ReadonlyMap<string, StorageBytes>> {
  const widths = elementWidths(object);
  const found = new Map<string, StorageBytes>();
  let at = keys?.end ?? file.size;
  for (const value of keys?.failure ? [] : (itemsOf(keys?.value) ?? [])) {
    const key = String(value);
    const width = widths.get(key);
    // Without its class the length of a storage is not known, and so not where the next one begins.
    if (width === undefined || at + 8 > file.size) break;
    const prefix = new Uint8Array(8);
    await file.read(at, prefix);
    const bytes = Number(new DataView(prefix.buffer).getBigInt64(0, true)) * width;
    if (!(bytes >= 0 && Number.isSafeInteger(at + bytes))) {
      diagnostics.add("error", "torch.bad-storage", `The storage ${quoteName(key)} has no length that a file can have`, {
        file: file.name,
        offset: at,
        expected: "a count of elements",
        found: countBytes(bytes),
        hint: damagedHint,
      });
      break;
    }
    at += 8;
    found.set(key, { ref: file.ref, offset: at, bytes, place: { offset: at, bytes } });
    at += bytes;
  }
  return found;
}

/** Bytes of an element of each storage that a pickle refers to. */
function elementWidths({ persistents }: PickleResult): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  for (const { id } of persistents) {
    try {
      const storage = storageOf(id);
      if (storage) widths.set(storage.key, storage.element.itemBytes);
    } catch (error) {
      if (!(error instanceof BadTensorError)) throw error;
    }
  }
  return widths;
}

function cutShort(file: RandomAccessFile): FormatError {
  return new FormatError("torch.bad-pickle", `${quoteName(file.name)} ends, or breaks off, before it describes a tensor`, {
    file: file.name,
    offset: 0,
    expected: "five pickles",
    found: countBytes(file.size),
    hint: damagedHint,
  });
}
