import { loaderFormats } from "../core/export/loaderFormats";

/** What a checkpoint can be written as: GGUF for llama.cpp, the same with a Modelfile, or a folder of one of the formats that other loaders take. */
export const writeFormats: readonly string[] = ["gguf", "ollama", ...loaderFormats.map(({ id }) => id)];

/** One of {@link writeFormats}. */
export type WriteFormat = string;
