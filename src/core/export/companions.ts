import type { Folder } from "../file";
import { limits } from "../limits";
import type { WritePlan } from "../recipe/preflight";

/** What a loader needs beside weights and configuration, copied as it is. */
const names = [
  "generation_config.json",
  "tokenizer.json",
  "tokenizer.model",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "chat_template.jinja",
  "chat_template.json",
  // Vocabularies of BERT, T5 and Mistral, and Whisper's spellings.
  "vocab.txt",
  "spiece.model",
  "sentencepiece.bpe.model",
  "tekken.json",
  "normalizer.json",
  // How pictures, films and sound become numbers.
  "preprocessor_config.json",
  "processor_config.json",
  "video_preprocessor_config.json",
];

/** The files of a model's folder that go with its weights, under their names. Larger ones than any real one are left out. */
export async function companionFiles(folder: Folder): Promise<NonNullable<WritePlan["sidecars"]>> {
  const found: { name: string; bytes: Uint8Array }[] = [];
  for (const name of names) {
    if (!(await folder.exists(name))) continue;
    const file = await folder.open(name);
    try {
      if (file.size > limits.sidecarJsonBytes) continue;
      const bytes = new Uint8Array(file.size);
      await file.read(0, bytes);
      found.push({ name, bytes });
    } finally {
      await file.close();
    }
  }
  return found;
}
