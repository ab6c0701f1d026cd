import type { CheckpointFormat } from "../checkpointFormat";
import { reportTruncation } from "../truncation";
import { readTflite } from "./readModel";
import { openAlone } from "../singleFile";

const identifier = "TFL3";

/** TensorFlow Lite's models: a flatbuffer with the weights inside, or after it. */
export const tfliteFormat: CheckpointFormat = {
  id: "tflite",
  label: "TensorFlow Lite",

  matches: (head) => head.length >= 8 && String.fromCharCode(...head.subarray(4, 8)) === identifier,

  open: (file) =>
    openAlone("tflite", file, async (diagnostics) => {
      const { tensors, metadata } = await readTflite(file, diagnostics);
      reportTruncation(tensors, file, diagnostics);
      return { tensors, metadata };
    }),
};
