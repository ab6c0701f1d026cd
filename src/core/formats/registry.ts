import type { CheckpointFormat } from "./checkpointFormat";
import { ggufFormat } from "./gguf/gguf";
import { imatrixFormat } from "./imatrix/imatrix";
import { numpyFormat } from "./numpy/numpy";
import { onnxFormat } from "./onnx/onnx";
import { safetensorsFormat } from "./safetensors/safetensors";
import { tfliteFormat } from "./tflite/tflite";
import { torchFormat } from "./torch/torch";

/** Every format that can be opened. The first that fits wins: ONNX, whose signature is the weakest, is the last. */
export const formats: readonly CheckpointFormat[] = [
  ggufFormat,
  safetensorsFormat,
  torchFormat,
  numpyFormat,
  imatrixFormat,
  tfliteFormat,
  onnxFormat,
];
