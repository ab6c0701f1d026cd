import type { ModelFamily } from "./family";
import { gemma2, gemma3 } from "./gemma";
import { granite } from "./granite";
import { llama } from "./llama";
import { olmo2 } from "./olmo2";
import { phi3 } from "./phi3";
import { qwen2, qwen3 } from "./qwen";
import { smollm3 } from "./smollm3";

/** Every family that can be run. */
export const families: readonly ModelFamily[] = [llama, qwen2, qwen3, gemma2, gemma3, phi3, granite, olmo2, smollm3];
