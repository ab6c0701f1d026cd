import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A feed as the fake runtime was given it. */
export interface SeenFeed {
  type: string;
  /** Class of its data. */
  array: string;
  dims: number[];
  values: string[];
}

export interface SeenCall {
  model: string;
  fetches: string[];
  feeds: Record<string, SeenFeed>;
}

/** What {@link fakeOnnxRuntime} answers for each id, in halves: exact in half precision. */
export function fakeLogits(ids: Int32Array, vocabulary: number, shift: number): Float64Array[] {
  return Array.from(ids, (id, position) =>
    Float64Array.from({ length: vocabulary }, (_, column) => ((id * 31 + column * (17 + shift) + position * 7) % 23) / 2),
  );
}

/**
 * Writes a package of the name and with the few parts of onnxruntime-node that are used. Which logits it gives goes by the name of the
 * model: `half` in half precision, `other` of another model, `short` too few, `broken` cannot be loaded; `crash` takes its process along; `slow` takes its time. It keeps a
 * list of what it was given.
 */
export function fakeOnnxRuntime(folder: string, vocabulary: number): () => SeenCall[] {
  const log = path.join(folder, "calls.txt");
  mkdirSync(folder, { recursive: true });
  writeFileSync(log, "");
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "onnxruntime-node", main: "main.js" }));
  writeFileSync(
    path.join(folder, "main.js"),
    `const { appendFileSync } = require("node:fs");
    const { basename } = require("node:path");
    class Tensor {
      constructor(type, data, dims) { Object.assign(this, { type, data, dims }); }
    }
    const InferenceSession = {
      async create(path) {
        const model = basename(path, ".onnx");
        if (model === "broken") throw new Error("Load model failed: no kernel for Odd(1)");
        return { run: async (feeds, fetches) => {
          const seen = Object.entries(feeds).map(([name, { type, data, dims }]) =>
            [name, { type, array: data.constructor.name, dims, values: Array.from(data, String) }]);
          appendFileSync(${JSON.stringify(log)}, JSON.stringify({ model, fetches, feeds: Object.fromEntries(seen) }) + "\\n");
          if (model === "crash") process.abort();
          if (model === "slow") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
          const ids = Array.from(feeds.input_ids.data, Number);
          const shift = model === "other" ? 2 : 0;
          const values = ids.flatMap((id, position) =>
            Array.from({ length: ${vocabulary} }, (_, column) => ((id * 31 + column * (17 + shift) + position * 7) % 23) / 2));
          const bits = (value) => {
            if (value === 0) return 0;
            const exponent = Math.floor(Math.log2(value));
            return ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024);
          };
          const data = model === "half" ? Uint16Array.from(values, bits) : Float32Array.from(values);
          const length = model === "short" ? ids.length - 1 : ids.length;
          return { logits: new Tensor("float32", data, [1, length, ${vocabulary}]) };
        } };
      },
    };
    module.exports = { InferenceSession, Tensor };`,
  );
  return () =>
    readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as SeenCall);
}
