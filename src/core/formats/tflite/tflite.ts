import type { CheckpointFormat } from "../checkpointFormat";
import { DiagnosticList } from "../diagnosticList";
import { reportTruncation } from "../truncation";
import { readTflite } from "./model";

/** The file identifier of flatbuffers of this schema, at byte 4. */
const identifier = "TFL3";

/** TensorFlow Lite models, now LiteRT: a flatbuffer. */
export const tfliteFormat: CheckpointFormat = {
  id: "tflite",
  label: "TensorFlow Lite",

  matches: (head) => [...identifier].every((character, index) => head[4 + index] === character.charCodeAt(0)),

  async open(file) {
    const diagnostics = new DiagnosticList();
    try {
      const { tensors, metadata } = await readTflite(file, diagnostics);
      reportTruncation(tensors, file, diagnostics);
      return {
        format: "tflite",
        name: file.name,
        files: [{ name: file.name, bytes: file.size, file }],
        tensors,
        metadata,
        warnings: diagnostics.result(),
        close: () => file.close(),
      };
    } catch (error) {
      await file.close();
      throw error;
    }
  },
};
