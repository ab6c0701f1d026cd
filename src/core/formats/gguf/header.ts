import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { MetadataEntry, MetadataValue } from "../../tensor/checkpoint";
import type { DiagnosticList } from "../diagnosticList";
import { countOf, hexBytes, quoteName, showUtf8 } from "../text";
import { HeaderReader } from "./headerReader";
import { MetadataReader } from "./metadata";

/** A tensor as the header describes it, not yet compared with the file's data. */
export interface GgufTensorEntry {
  readonly name: string;
  /** Row-major, outermost first: the reverse of the stored `ne`. Dimensions may be absurd. */
  readonly shape: readonly number[];
  /** ggml type id. */
  readonly typeId: number;
  /** From the start of the data section; rounded, but too large, beyond 2^53. */
  readonly offset: number;
  /** Byte offset of the entry in the file. */
  readonly at: number;
}

export interface GgufHeader {
  readonly version: number;
  /** In the order of the file; keys can repeat in broken files. */
  readonly metadata: readonly MetadataEntry[];
  readonly tensors: readonly GgufTensorEntry[];
  /** Offset of the first byte after the header, before padding. */
  readonly end: number;
}

const magic = "47 47 55 46";
const smallestKeyValue = 8 + 4 + 1;
const smallestTensorEntry = 8 + 4 + 4 + 8;
const ggmlRefuses = "llama.cpp refuses this file.";

/**
 * Reads the header of a GGUF file, versions 2 and 3. What ggml would refuse but can be shown becomes a diagnostic.
 * @throws FormatError when the header cannot be followed to its end
 */
export async function readGgufHeader(file: RandomAccessFile, diagnostics: DiagnosticList): Promise<GgufHeader> {
  const reader = new HeaderReader(file);
  const version = await readVersion(reader);
  await reader.need(16);
  const tensorCount = readEntryCount(reader, "tensors", limits.tensors, smallestTensorEntry);
  const keyCount = readEntryCount(reader, "keys", limits.ggufKeyValues, smallestKeyValue);
  const metadata = await readMetadata(reader, keyCount, diagnostics);
  const tensors: GgufTensorEntry[] = [];
  for (let index = 0; index < tensorCount; index++) tensors.push(await readTensorEntry(reader, diagnostics));
  return { version, metadata, tensors, end: reader.position };
}

/** The scalar value of a key; of the first where a broken file repeats it. */
export function metadataValue(metadata: readonly MetadataEntry[], key: string): MetadataValue | undefined {
  return metadata.find((entry) => entry.key === key)?.value;
}

async function readVersion(reader: HeaderReader): Promise<number> {
  await reader.need(8);
  const found = hexBytes(reader.take(4));
  if (found !== magic) {
    throw reader.fail("gguf.bad-magic", `"${reader.file.name}" does not start with "GGUF"`, {
      offset: 0,
      expected: `${magic} ("GGUF")`,
      found,
      hint: "This is not a GGUF file, or its start is damaged. Download it again.",
    });
  }
  const version = reader.u32();
  if (version === 2 || version === 3) return version;
  const fields = { offset: 4, expected: "version 2 or 3" };
  if ((version & 0xffff) === 0 && version !== 0) {
    throw reader.fail("gguf.big-endian", `"${reader.file.name}" is a big-endian GGUF file, made for machines such as s390x`, {
      ...fields,
      expected: "a little-endian file",
      found: "a version number in big-endian byte order",
      hint: "Use the little-endian version of the model, or convert it with gguf-py's gguf_convert_endian.py.",
    });
  }
  if (version === 1) {
    throw reader.fail("gguf.obsolete-version", `"${reader.file.name}" is GGUF version 1, which llama.cpp has dropped`, {
      ...fields,
      found: "version 1",
      hint: "Convert the original model again with llama.cpp's convert_hf_to_gguf.py.",
    });
  }
  throw reader.fail("gguf.unknown-version", `"${reader.file.name}" is of a GGUF version that does not exist yet`, {
    ...fields,
    found: `version ${version}`,
    hint: "The file is damaged, or newer than this version of Quantscope.",
  });
}

function readEntryCount(reader: HeaderReader, what: string, limit: number, smallest: number): number {
  const offset = reader.position;
  const count = reader.count();
  const most = Math.min(limit, Math.floor(reader.remaining / smallest));
  if (count <= most) return count;
  throw reader.fail("gguf.bad-count", `The header claims more ${what} than the file can hold`, {
    offset,
    expected: `at most ${countOf(most)} ${what}`,
    found: countOf(count),
    hint: "The header is damaged, or the file was cut short. Download it again.",
  });
}

async function readMetadata(reader: HeaderReader, count: number, diagnostics: DiagnosticList): Promise<MetadataEntry[]> {
  const entries: MetadataEntry[] = [];
  const keys = new Set<string>();
  const values = new MetadataReader(reader);
  const file = reader.file.name;
  for (let index = 0; index < count; index++) {
    const offset = reader.position;
    const key = await reader.string(limits.nameLength);
    if (key === "")
      diagnostics.add("warning", "gguf.empty-key", "A key of the header is empty", {
        file,
        offset,
        expected: "a name",
        found: "no characters",
        hint: ggmlRefuses,
      });
    if (keys.has(key)) {
      diagnostics.add("warning", "gguf.duplicate-key", `The header has the key ${quoteName(key)} twice; the first one counts`, {
        file,
        offset,
        expected: "each key once",
        found: quoteName(key),
        hint: ggmlRefuses,
      });
    }
    keys.add(key);
    values.badBoolAt = undefined;
    entries.push(await values.entry(key));
    if (values.badBoolAt !== undefined) {
      diagnostics.add("warning", "gguf.bad-bool", `The value of ${quoteName(key)} is neither true nor false; it is taken for true`, {
        file,
        offset: values.badBoolAt,
        expected: "0 or 1",
        found: "another value",
        hint: "The program that wrote the file is faulty. Write it again with llama.cpp's own tools.",
      });
    }
  }
  return entries;
}

async function readTensorEntry(reader: HeaderReader, diagnostics: DiagnosticList): Promise<GgufTensorEntry> {
  const file = reader.file.name;
  const at = reader.position;
  let wait = reader.need(8);
  if (wait) await wait;
  const length = reader.count();
  if (length > limits.nameLength) {
    throw reader.fail("gguf.bad-tensor-name", "The header has a tensor whose name is too long", {
      offset: at,
      expected: `at most ${limits.ggufNameBytes} bytes`,
      found: `${countOf(length)} bytes`,
      hint: "The header is damaged. Download the file again.",
    });
  }
  wait = reader.need(length + 4);
  if (wait) await wait;
  const name = showUtf8(reader.take(length));
  if (length > limits.ggufNameBytes) {
    diagnostics.add("warning", "gguf.long-name", `The name of ${quoteName(name)} is longer than ggml allows`, {
      file,
      tensor: name,
      offset: at,
      expected: `at most ${limits.ggufNameBytes} bytes`,
      found: `${length} bytes`,
      hint: ggmlRefuses,
    });
  }
  const rank = reader.u32();
  if (rank > limits.rank) {
    throw reader.fail("gguf.bad-rank", `The header gives ${quoteName(name)} an impossible number of dimensions`, {
      offset: reader.position - 4,
      expected: `at most ${limits.ggufRank}`,
      found: countOf(rank),
      hint: "The header is damaged. Download the file again.",
    });
  }
  if (rank > limits.ggufRank) {
    diagnostics.add("warning", "gguf.rank", `${quoteName(name)} has more dimensions than ggml allows`, {
      file,
      tensor: name,
      offset: reader.position - 4,
      expected: `at most ${limits.ggufRank}`,
      found: String(rank),
      hint: ggmlRefuses,
    });
  }
  wait = reader.need(8 * rank + 12);
  if (wait) await wait;
  const shape = new Array<number>(rank);
  for (let index = rank - 1; index >= 0; index--) shape[index] = reader.count();
  return { name, shape, typeId: reader.u32(), offset: reader.count(), at };
}
