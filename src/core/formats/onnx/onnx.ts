import type { RandomAccessFile } from "../../file";
import type { Checkpoint } from "../../tensor/checkpoint";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { CheckpointFormat } from "../checkpointFormat";
import { DiagnosticList } from "../diagnosticList";
import { PagedReader } from "../pagedReader";
import { metadataEntries } from "../safetensors/metadata";
import { readModelConfig } from "../sidecar";
import { countBytes, quoteName } from "../text";
import { reportTruncation } from "../truncation";
import { ExternalFiles } from "./externalFiles";
import { readModel } from "./model";
import { TensorPlacer } from "./placeTensors";

/** Tags of the fields that follow `ir_version` in models: ONNX has no magic number of its own. */
const secondTags = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72];
/** `ir_version` beyond every one that there is, and that there will be soon. */
const largestVersion = 32;

/** ONNX models: a ModelProto of protocol buffers, whose weights are in the file or in files beside it. */
export const onnxFormat: CheckpointFormat = {
  id: "onnx",
  label: "ONNX",

  matches([tag, version, next]) {
    return tag === 0x08 && version! >= 1 && version! <= largestVersion && secondTags.includes(next!);
  },

  async open(file, folder) {
    const diagnostics = new DiagnosticList();
    const external = new ExternalFiles({ name: file.name, bytes: file.size, file }, folder, diagnostics);
    try {
      return {
        ...(await read(file, external, diagnostics)),
        ...(await readModelConfig(folder, diagnostics)),
        warnings: diagnostics.result(),
      };
    } catch (error) {
      await external.close();
      throw error;
    }
  },
};

async function read(file: RandomAccessFile, external: ExternalFiles, diagnostics: DiagnosticList): Promise<Omit<Checkpoint, "warnings">> {
  const model = await readModel(new PagedReader(file));
  const placer = new TensorPlacer(file, external, diagnostics);
  const tensors: TensorInfo[] = [];
  for (const found of model.tensors) {
    const tensor = await placer.place(found);
    if (tensor) tensors.push(tensor);
  }
  if (model.end > file.size) reportCut(file, model.end, diagnostics);
  for (const [place, { file: own, name }] of external.files.entries()) {
    const inFile = tensors.filter((tensor) => tensor.file === place);
    if (own) reportTruncation(inFile, { name, size: own.size }, diagnostics);
  }
  return {
    format: "onnx",
    name: file.name,
    files: external.files,
    tensors,
    metadata: metadataEntries(model.metadata),
    close: () => external.close(),
  };
}

function reportCut(file: RandomAccessFile, end: number, diagnostics: DiagnosticList): void {
  diagnostics.add("error", "onnx.cut", `${quoteName(file.name)} ends before its model does; what was read before is shown`, {
    file: file.name,
    offset: file.size,
    expected: countBytes(end),
    found: countBytes(file.size),
    hint: "The download or copy was interrupted. Download the file again.",
  });
}
