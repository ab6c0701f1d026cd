import { storedBytes, type DType } from "../../tensor/dtype";
import { countValuesExactly } from "../../tensor/shape";
import { doubtfulDType, type TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, countOf, quoteName, showShape } from "../text";
import { alignUp } from "./alignment";
import { findGgmlType, removedGgmlType } from "./ggmlTypes";
import type { GgufTensorEntry } from "./header";

/** The data section of a GGUF file. */
export interface DataSection {
  readonly file: string;
  /** Byte offset of its first byte in the file. */
  readonly start: number;
  /** Bytes from there to the end of the file; 0 when the file ends before. */
  readonly bytes: number;
  readonly alignment: number;
}

/** An entry that has a place in the data section. */
interface Placed {
  readonly entry: GgufTensorEntry;
  readonly dtype?: DType;
  /** Bytes by type and shape; undefined where these do not say. */
  readonly declared?: number;
  /** Bytes to the next tensor, or to the end of the file. */
  readonly room: number;
  /** Whether another tensor follows in the data section. */
  readonly isFollowed: boolean;
}

const ggmlRefuses = "llama.cpp refuses this file. Write it again with its own tools.";

/**
 * The tensors of a header in its order, with exact sizes. Those whose type is unknown, or does not fit the place they
 * have, are listed with the bytes up to the next tensor and under a name that nothing decodes.
 * @param file index into `Checkpoint.files`
 */
export function listTensors(
  entries: readonly GgufTensorEntry[],
  section: DataSection,
  file: number,
  diagnostics: DiagnosticList,
): TensorInfo[] {
  const usable = entries.filter((entry) => isUsable(entry, section, diagnostics));
  const placed = placeAll(usable, section);
  const forks = findForkTypes(placed, section.alignment);
  reportTypes(placed, forks, section, diagnostics);
  const names = new Set<string>();
  const tensors: TensorInfo[] = [];
  const sized: TensorInfo[] = [];
  for (const place of placed) {
    const { entry, dtype, declared, room } = place;
    const isCertain = dtype !== undefined && declared !== undefined && !forks.has(entry.typeId);
    const tensor: TensorInfo = {
      name: entry.name,
      dtype: isCertain ? dtype.id : dtype ? doubtfulDType(dtype.id) : (removedGgmlType(entry.typeId) ?? `type ${entry.typeId}`),
      shape: entry.shape,
      file,
      offset: section.start + entry.offset,
      bytes: isCertain ? declared : room,
    };
    sized.push(tensor);
    if (names.has(entry.name)) reportDuplicate(entry, section, diagnostics);
    else tensors.push(tensor);
    names.add(entry.name);
  }
  checkOffsets(sized, section, diagnostics);
  return tensors;
}

/** False, with a diagnostic, for entries with numbers that no file can mean. */
function isUsable(entry: GgufTensorEntry, section: DataSection, diagnostics: DiagnosticList): boolean {
  const dtype = findGgmlType(entry.typeId);
  const bytes = dtype ? (storedBytes(dtype, entry.shape) ?? 0) : 0;
  const isShapeGood = countValuesExactly(entry.shape) !== undefined && Number.isSafeInteger(bytes);
  if (isShapeGood && Number.isSafeInteger(section.start + entry.offset + bytes)) return true;
  diagnostics.add("error", "gguf.bad-tensor", `The header entry of ${quoteName(entry.name)} is damaged; the tensor is not shown`, {
    file: section.file,
    tensor: entry.name,
    offset: entry.at,
    expected: isShapeGood ? "an offset in the file" : "dimensions that a file can hold",
    found: isShapeGood ? countOf(entry.offset) : showShape(entry.shape),
    hint: "Download the file again.",
  });
  return false;
}

function placeAll(entries: readonly GgufTensorEntry[], section: DataSection): Placed[] {
  const starts = [...new Set(entries.map((entry) => entry.offset))].sort((a, b) => a - b);
  const next = new Map(starts.map((start, index) => [start, starts[index + 1]]));
  return entries.map((entry) => {
    const dtype = findGgmlType(entry.typeId);
    const following = next.get(entry.offset);
    return {
      entry,
      dtype,
      declared: dtype && storedBytes(dtype, entry.shape),
      room: Math.max(0, (following ?? section.bytes) - entry.offset),
      isFollowed: following !== undefined,
    };
  });
}

/**
 * Type ids under which this file stores something other than ggml does: forks of llama.cpp give ids of their own, or use
 * ggml's for other block sizes. They show in that not one tensor of the type ends where the next one begins. Plain types
 * mean the same everywhere.
 */
function findForkTypes(placed: readonly Placed[], alignment: number): ReadonlySet<number> {
  const fits = new Map<number, boolean>();
  for (const { entry, dtype, declared, room, isFollowed } of placed) {
    if (dtype?.family !== "block" || !isFollowed || !declared) continue;
    fits.set(entry.typeId, fits.get(entry.typeId) === true || alignUp(declared, alignment) === room);
  }
  return new Set([...fits].filter(([, isFit]) => !isFit).map(([id]) => id));
}

function reportTypes(placed: readonly Placed[], forks: ReadonlySet<number>, section: DataSection, diagnostics: DiagnosticList): void {
  const seen = new Set<number>();
  for (const { entry, dtype, declared, room } of placed) {
    const fields = { file: section.file, tensor: entry.name, offset: entry.at };
    if (dtype && declared === undefined) {
      diagnostics.add(
        "error",
        "gguf.bad-row",
        `The rows of ${quoteName(entry.name)} are no multiple of a ${dtype.id} block; its values cannot be shown`,
        {
          ...fields,
          expected: `rows of a multiple of ${dtype.blockSize} values`,
          found: `rows of ${countOf(entry.shape[entry.shape.length - 1] ?? 1)}`,
          hint: ggmlRefuses,
        },
      );
    }
    if (seen.has(entry.typeId)) continue;
    seen.add(entry.typeId);
    if (dtype && forks.has(entry.typeId)) {
      diagnostics.add(
        "warning",
        "gguf.fork-type",
        `Type id ${entry.typeId} is ${dtype.id} in ggml, but the sizes do not add up: a type id from a fork`,
        {
          ...fields,
          expected: declared === undefined ? undefined : `${countBytes(declared)} for ${quoteName(entry.name)} as ${dtype.id}`,
          found: countBytes(room),
          hint: "The tensors are listed, but their values are not decoded. Open the file with the fork that made it.",
        },
      );
      continue;
    }
    if (dtype) continue;
    const former = removedGgmlType(entry.typeId);
    const message = former
      ? `Type id ${entry.typeId} was ${former}, which ggml has removed; its values cannot be shown`
      : `Type id ${entry.typeId} is not one of ggml's: a type id from a fork, or a newer one; its values cannot be shown`;
    diagnostics.add("warning", former ? "gguf.removed-type" : "gguf.unknown-type", message, {
      ...fields,
      expected: "a type id of today's ggml",
      found: String(entry.typeId),
      hint: former ? "Convert the original model again with today's llama.cpp." : "Open the file with the program that made it.",
    });
  }
}

function reportDuplicate(entry: GgufTensorEntry, section: DataSection, diagnostics: DiagnosticList): void {
  diagnostics.add("error", "gguf.duplicate-name", `The header has ${quoteName(entry.name)} twice; the first one is shown`, {
    file: section.file,
    tensor: entry.name,
    offset: entry.at,
    expected: "each name once",
    found: "a second entry",
    hint: ggmlRefuses,
  });
}

/**
 * ggml wants each tensor to begin where the one before it ends, padded. Anything else is reported; where two claim the
 * same bytes, one of them is wrong.
 */
function checkOffsets(tensors: readonly TensorInfo[], section: DataSection, diagnostics: DiagnosticList): void {
  let expected = section.start;
  for (const tensor of tensors) {
    if (tensor.offset !== expected) {
      diagnostics.add("warning", "gguf.offset", `${quoteName(tensor.name)} does not begin where the tensor before it ends`, {
        file: section.file,
        tensor: tensor.name,
        offset: tensor.offset,
        expected: `byte ${countOf(expected)}`,
        found: `byte ${countOf(tensor.offset)}`,
        hint: ggmlRefuses,
      });
    }
    expected = alignUp(tensor.offset - section.start + tensor.bytes, section.alignment) + section.start;
  }
  let end = section.start;
  let previous: TensorInfo | undefined;
  for (const tensor of [...tensors].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (previous && tensor.offset < end && tensor.bytes > 0) {
      diagnostics.add("error", "gguf.overlap", `${quoteName(tensor.name)} and ${quoteName(previous.name)} claim the same bytes`, {
        file: section.file,
        tensor: tensor.name,
        offset: tensor.offset,
        expected: `byte ${countOf(end)} or later`,
        found: `byte ${countOf(tensor.offset)}`,
        hint: ggmlRefuses,
      });
    }
    if (tensor.offset + tensor.bytes >= end) {
      end = tensor.offset + tensor.bytes;
      previous = tensor;
    }
  }
}
