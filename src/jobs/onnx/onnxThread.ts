/** What the thread runs that holds an ONNX model: the user's own ONNX Runtime, one sequence after the other. */
import { createRequire } from "node:module";
import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { halfToFloat } from "../../core/decode/half";
import { feedsOf } from "../../core/model/onnx/feeds";
import type { OnnxAnswer, OnnxRequest, OnnxSequence, OnnxStart } from "./onnxRequests";
import type { OnnxRuntime, OnnxRuntimeSession, OnnxTensor } from "./onnxRuntime";

const { runtime, model, description, threads } = workerData as OnnxStart;

interface Loaded {
  readonly library: OnnxRuntime;
  readonly session: OnnxRuntimeSession;
}

let loaded: Loaded | undefined;

parentPort!.on("message", (request: OnnxRequest) => void answer(request).then((done) => parentPort!.postMessage(done)));

/** Never throws: failures are part of the answer. */
async function answer(request: OnnxRequest): Promise<OnnxAnswer> {
  let what: "runtime" | "model" = "runtime";
  try {
    const library = loaded?.library ?? loadLibrary();
    what = "model";
    loaded ??= { library, session: await load(library) };
    if (request !== "load") await run(loaded, request);
    return { ok: true };
  } catch (error) {
    return { ok: false, what, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Found when it runs, and never part of this bundle. */
function loadLibrary(): OnnxRuntime {
  return createRequire(path.join(runtime, "package.json"))(runtime) as OnnxRuntime;
}

function load({ InferenceSession }: OnnxRuntime): Promise<OnnxRuntimeSession> {
  return InferenceSession.create(model, { executionProviders: ["cpu"], intraOpNumThreads: threads, logSeverityLevel: 3 });
}

async function run({ library, session }: Loaded, { ids, positions, logits: memory, row }: OnnxSequence): Promise<void> {
  const feeds: Record<string, OnnxTensor> = {};
  for (const [name, { type, data, dims }] of feedsOf(description, ids)) feeds[name] = new library.Tensor(type, data, dims);
  const { vocabulary, logits: output } = description;
  const found = (await session.run(feeds, [output.name]))[output.name];
  const expected = [1, ids.length, vocabulary];
  if (!found || found.dims.join() !== expected.join()) {
    throw new Error(`It gives logits of ${found?.dims.join("×") ?? "nothing"} in place of ${expected.join("×")}`);
  }
  const values = valuesOf(found);
  const target = new Float32Array(memory);
  for (const [i, position] of positions.entries()) {
    const from = position * vocabulary;
    target.set(values.subarray(from, from + vocabulary), (row + i) * vocabulary);
  }
}

function valuesOf({ data }: OnnxTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return Float32Array.from(data, halfToFloat);
  // A typed array of half precision, which the oldest Node that we run in does not know.
  return Float32Array.from(data as Iterable<number>);
}
