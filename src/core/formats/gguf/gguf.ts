import type { CheckpointFormat } from "../checkpointFormat";
import { imatrixOf } from "../imatrix/fromGguf";
import { DiagnosticList } from "../diagnosticList";
import { metadataValue } from "./header";
import { readGguf } from "./readFile";
import { isGguf, openSplit, splitCount, splitNames } from "./split";

/** llama.cpp's GGUF, whole files and those split by llama-gguf-split. */
export const ggufFormat: CheckpointFormat = {
  id: "gguf",
  label: "GGUF",

  matches: isGguf,

  async open(file, folder) {
    const diagnostics = new DiagnosticList();
    try {
      const content = await readGguf(file, 0, diagnostics);
      const count = splitCount(content, file.name);
      const parts = count > 1 ? splitNames(file.name, count) : undefined;
      if (parts) {
        await file.close();
        return await openSplit(parts.names, folder, parts.prefix);
      }
      if (count > 1) {
        diagnostics.add(
          "warning",
          "gguf.lone-part",
          `"${file.name}" is one of ${count} parts, but its name does not say which files are the others`,
          {
            file: file.name,
            expected: `a name that ends in -00001-of-${String(count).padStart(5, "0")}.gguf`,
            found: file.name,
            hint: "Give the parts the names that they were published with.",
          },
        );
      }
      const architecture = metadataValue(content.metadata, "general.architecture");
      return await imatrixOf({
        format: "gguf",
        formatVersion: content.version,
        name: file.name,
        files: [{ name: file.name, bytes: file.size, file }],
        tensors: content.tensors,
        metadata: content.metadata,
        architecture: typeof architecture === "string" ? architecture : undefined,
        warnings: diagnostics.result(),
        close: () => file.close(),
      });
    } catch (error) {
      await file.close();
      throw error;
    }
  },
};
