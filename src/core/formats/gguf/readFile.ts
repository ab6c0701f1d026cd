import type { RandomAccessFile } from "../../file";
import type { MetadataEntry } from "../../tensor/checkpoint";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes } from "../text";
import { reportTruncation } from "../truncation";
import { reportZeroTail } from "../zeroTail";
import { alignUp, readAlignment } from "./alignment";
import { readGgufHeader } from "./header";
import { listTensors, type DataSection } from "./layout";

/** What one GGUF file holds. */
export interface GgufContent {
  readonly version: number;
  readonly metadata: readonly MetadataEntry[];
  readonly tensors: readonly TensorInfo[];
}

/**
 * Reads the header of one file: a part of a split checkpoint or a whole one.
 * @param index the file's place in `Checkpoint.files`
 * @throws FormatError when the header cannot be followed to its end
 */
export async function readGguf(file: RandomAccessFile, index: number, diagnostics: DiagnosticList): Promise<GgufContent> {
  const header = await readGgufHeader(file, diagnostics);
  const alignment = readAlignment(header.metadata, file.name, diagnostics);
  const start = alignUp(header.end, alignment);
  const section: DataSection = { file: file.name, start, bytes: Math.max(0, file.size - start), alignment };
  const tensors = listTensors(header.tensors, section, index, diagnostics);
  reportTruncation(tensors, file, diagnostics);
  reportTrailingBytes(tensors, section, diagnostics);
  await reportZeroTail(file, tensors, diagnostics);
  return { version: header.version, metadata: header.metadata, tensors };
}

function reportTrailingBytes(tensors: readonly TensorInfo[], section: DataSection, diagnostics: DiagnosticList): void {
  const end = tensors.reduce((most, tensor) => Math.max(most, tensor.offset + tensor.bytes), section.start);
  const padded = section.start + alignUp(end - section.start, section.alignment);
  const size = section.start + section.bytes;
  if (size <= padded) return;
  diagnostics.add("info", "gguf.trailing-bytes", `No tensor claims the ${countBytes(size - padded)} at the end`, {
    file: section.file,
    offset: padded,
    expected: `a file of ${countBytes(padded)}`,
    found: countBytes(size),
    hint: "They do no harm. Some tools put data of their own there.",
  });
}
