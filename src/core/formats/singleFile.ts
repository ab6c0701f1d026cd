import type { Folder, RandomAccessFile } from "../file";
import type { Checkpoint, FormatId, MetadataValue } from "../tensor/checkpoint";
import type { TensorInfo } from "../tensor/tensorInfo";
import { DiagnosticList } from "./diagnosticList";
import { metadataEntries } from "./safetensors/metadata";
import { readModelConfig } from "./sidecar";

/** What one file of weights holds. */
interface FileContent {
  readonly tensors: readonly TensorInfo[];
  readonly metadata: ReadonlyMap<string, MetadataValue>;
}

/** What one file by itself amounts to. */
type AloneContent = Pick<Checkpoint, "tensors" | "metadata" | "architecture" | "config">;

/**
 * A checkpoint of one file, with the findings of whoever reads it. Closes the file when that fails.
 *
 * @throws what `read` throws
 */
export async function openAlone(
  format: FormatId,
  file: RandomAccessFile,
  read: (diagnostics: DiagnosticList) => AloneContent | Promise<AloneContent>,
): Promise<Checkpoint> {
  const diagnostics = new DiagnosticList();
  try {
    const content = await read(diagnostics);
    return {
      format,
      name: file.name,
      files: [{ name: file.name, bytes: file.size, file }],
      ...content,
      warnings: diagnostics.result(),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens a file by itself, whatever weights lie beside it, with the configuration of its folder. Closes it when that fails.
 *
 * @throws what `read` throws
 */
export function openSingleFile(
  format: FormatId,
  file: RandomAccessFile,
  folder: Folder,
  read: (diagnostics: DiagnosticList) => Promise<FileContent>,
): Promise<Checkpoint> {
  return openAlone(format, file, async (diagnostics) => {
    const { tensors, metadata } = await read(diagnostics);
    const config = await readModelConfig(folder, diagnostics);
    return { tensors, metadata: metadataEntries(metadata), architecture: config?.architecture, config: config?.config };
  });
}
