import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { JobContext } from "../../../src/jobs/contract";
import { Engine } from "../../../src/jobs/engine";
import { builtFiles } from "../../support/builtFiles";
import { openFiles } from "../../support/openBytes";
import { type WrittenTensor, writeSafetensors } from "../../support/safetensorsWriter";

/** An engine for the tests of the surrounding `describe`. Call it there; the engine is known inside tests. */
export function engineOf(threads = 2): () => Engine {
  let engine: Engine | undefined;
  before(() => {
    for (const file of Object.values(builtFiles)) assert.ok(existsSync(file), `${file} is missing: run \`npm run build\` first`);
    engine = new Engine({ ...builtFiles, threads });
  });
  after(() => engine?.dispose());
  return () => engine!;
}

/** Nobody cancels, nobody listens. */
export function quiet(): JobContext {
  return { signal: new AbortController().signal, progress: () => undefined };
}

/** A safetensors checkpoint in memory, read by workers through shared memory. */
export function checkpointOf(tensors: readonly WrittenTensor[]): Promise<Checkpoint> {
  return openFiles({ "model.safetensors": writeSafetensors(tensors) }, "model.safetensors");
}

export function f32(name: string, shape: number[], values: Float32Array): WrittenTensor {
  return { name, dtype: "F32", shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

/** Values as BF16, rounded towards zero. */
export function bf16(name: string, shape: number[], values: Float32Array): WrittenTensor {
  const patterns = Uint16Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length), (bits) => bits >>> 16);
  return { name, dtype: "BF16", shape, bytes: new Uint8Array(patterns.buffer) };
}
