import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ggmlTypeIds } from "../ggml";
import { ggufString, ggufStrings, type GgufValue, writeGguf } from "../ggufWriter";

const fixtures = path.join(__dirname, "..", "..", "fixtures", "ggml");

/** Long text of a metadata value: rows show only its start. */
export const longTemplate = "{% for message in messages %}".repeat(40);

/** Writes a GGUF file whose tensors hold ggml's own blocks: 4 rows of 1,024 values each, and a vocabulary of 1,234. */
export function writeBlockCheckpoint(file: string): void {
  const types = ["q4_K", "q8_0", "q6_K", "q4_0", "iq2_s"] as const;
  const tensors = types.map((name) => ({
    name: `blk.0.${name}.weight`,
    type: ggmlTypeIds[name],
    ne: [1024, 4],
    bytes: new Uint8Array(readFileSync(path.join(fixtures, `${name}.bin`))),
  }));
  const number = (value: number): GgufValue => ({ type: "u32", value });
  const metadata = [
    ["general.architecture", ggufString("llama")],
    ["general.name", ggufString("<b>blocks</b>")],
    ["llama.block_count", number(1)],
    ["tokenizer.chat_template", ggufString(longTemplate)],
    ["tokenizer.ggml.tokens", ggufStrings(Array.from({ length: 1234 }, (_, index) => `token ${index}`))],
  ] as const;
  writeFileSync(file, writeGguf({ metadata, tensors }));
}

/** What ggml itself decodes from the blocks of a type, row-major. */
export function decodedBlocks(name: "q4_K" | "q8_0" | "q6_K" | "q4_0"): Float32Array {
  const bytes = readFileSync(path.join(fixtures, `${name}.deq.f32`));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
