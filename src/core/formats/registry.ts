import type { CheckpointFormat } from "./checkpointFormat";
import { ggufFormat } from "./gguf/gguf";
import { hdf5Format } from "./hdf5/hdf5";
import { imatrixFormat } from "./imatrix/imatrix";
import { kerasFormat } from "./keras/keras";
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
  kerasFormat,
  numpyFormat,
  imatrixFormat,
  tfliteFormat,
  hdf5Format,
  onnxFormat,
];
