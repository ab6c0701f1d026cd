import type { CheckpointFormat } from "../checkpointFormat";
import { DiagnosticList } from "../diagnosticList";
import { reportTruncation } from "../truncation";
import { readTflite } from "./readModel";

const identifier = "TFL3";

/** TensorFlow Lite's models: a flatbuffer with the weights inside, or after it. */
export const tfliteFormat: CheckpointFormat = {
  id: "tflite",
  label: "TensorFlow Lite",

  matches: (head) => head.length >= 8 && String.fromCharCode(...head.subarray(4, 8)) === identifier,

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
