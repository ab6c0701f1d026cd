import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { bfloat16ToFloat } from "../../src/core/decode/bfloat16";
import { cliJson } from "./cli";
import { readSafetensorsHeader } from "./references";

interface Stored {
  form: string;
  bytes: Buffer;
}

/** The stored bytes of every tensor of a folder, by name, with type and shape. */
function tensorsOf(folder: string): Map<string, Stored> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".safetensors"));
  return new Map(
    files.flatMap((name) => {
      const bytes = readFileSync(path.join(folder, name));
      return readSafetensorsHeader(path.join(folder, name)).map(
        ({ name: tensor, dtype, shape, offset, bytes: size }) =>
          [tensor, { form: `${dtype} ${shape.join("×")}`, bytes: bytes.subarray(offset, offset + size) }] as const,
      );
    }),
  );
}

/** Float32 rounds a value plus 1: what is further from it than this is another. */
const lostBeside1 = 2 ** -24;

function farthest(a: Buffer, b: Buffer): number {
  let most = 0;
  for (let i = 0; i < a.length; i += 2) {
    most = Math.max(most, Math.abs(bfloat16ToFloat(a.readUInt16LE(i)) - bfloat16ToFloat(b.readUInt16LE(i))));
  }
  return most;
}

/**
 * Writes a checkpoint of BF16 as GGUF in F32 and that as safetensors in BF16 again, and holds the tensors against the first, bit for
 * bit; Gemma's norms, which GGUF has one larger, as far as a float32 can hold that.
 *
 * @param at where the files go
 * @returns the config.json that was made of the header
 */
export async function assertComesBack(source: string, at: (name: string) => string, name: string): Promise<Record<string, unknown>> {
  await cliJson("quantize", source, "--to", "gguf", "--type", "F32", "--out", at(`${name}.gguf`));
  await cliJson("quantize", at(`${name}.gguf`), "--to", "safetensors", "--type", "bf16", "--out", at(name));
  const config = JSON.parse(readFileSync(path.join(at(name), "config.json"), "utf8")) as Record<string, unknown>;
  const isGemma = String(config.model_type).startsWith("gemma");
  const [expected, found] = [tensorsOf(source), tensorsOf(at(name))];
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  for (const [tensor, { form, bytes }] of expected) {
    const back = found.get(tensor)!;
    assert.equal(back.form, form, tensor);
    const isClose = isGemma && tensor.endsWith("norm.weight") && farthest(bytes, back.bytes) <= lostBeside1;
    assert.ok(isClose || bytes.equals(back.bytes), `${tensor} is another`);
  }
  return config;
}
