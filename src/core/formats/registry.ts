import type { CheckpointFormat } from "./checkpointFormat";
import { ggufFormat } from "./gguf/gguf";
import { imatrixFormat } from "./imatrix/imatrix";
import { numpyFormat } from "./numpy/numpy";
import { safetensorsFormat } from "./safetensors/safetensors";
import { tfliteFormat } from "./tflite/tflite";
import { torchFormat } from "./torch/torch";

/** Every format that can be opened. Their signatures exclude each other; of archives, the first that `holds` the members wins. */
export const formats: readonly CheckpointFormat[] = [ggufFormat, safetensorsFormat, torchFormat, numpyFormat, tfliteFormat, imatrixFormat];
