import type { CheckpointFormat } from "./checkpointFormat";
import { ggufFormat } from "./gguf/gguf";
import { safetensorsFormat } from "./safetensors/safetensors";

/** Every format that can be opened. Their signatures exclude each other. */
export const formats: readonly CheckpointFormat[] = [ggufFormat, safetensorsFormat];
