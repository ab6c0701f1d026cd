/** What the process runs that holds an ONNX model: the user's own ONNX Runtime, one sequence after the other. */
import { createRequire } from "node:module";
import path from "node:path";
import { halfToFloat } from "../../core/decode/half";
import { feedsOf } from "../../core/model/onnx/feeds";
import type { OnnxDescription } from "../../core/model/onnx/onnxDescription";
import type { OnnxEnd, OnnxLoad, OnnxRequest, OnnxRows, OnnxSequence } from "./onnxRequests";
import type { OnnxRuntime, OnnxRuntimeSession, OnnxTensor } from "./onnxRuntime";

interface Loaded {
  readonly library: OnnxRuntime;
  readonly session: OnnxRuntimeSession;
  readonly description: OnnxDescription;
}

/** Values of a message at most: a copy of it is made on both sides. */
const valuesAtOnce = 2 ** 24;

let loaded: Loaded | undefined;

process.on("message", (request: OnnxRequest) => void answer(request).then(send));
process.on("disconnect", () => process.exit());
// Ctrl+C in a terminal reaches this process too: the one that started it says what becomes of it.
process.on("SIGINT", () => undefined);

function send(message: OnnxRows | OnnxEnd): void {
  process.send!(message);
}

/** Never throws: failures are part of the answer. */
async function answer(request: OnnxRequest): Promise<OnnxEnd> {
  let what: "runtime" | "model" = "runtime";
  try {
    const library = loaded?.library ?? loadLibrary(request as OnnxLoad);
    what = "model";
    if ("model" in request) loaded = { library, session: await load(library, request), description: request.description };
    else await run(loaded!, request);
    return { ok: true };
  } catch (error) {
    return { ok: false, what, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Found when it runs, and never part of this bundle. */
function loadLibrary({ runtime }: OnnxLoad): OnnxRuntime {
  return createRequire(path.join(runtime, "package.json"))(runtime) as OnnxRuntime;
}

function load({ InferenceSession }: OnnxRuntime, { model, threads }: OnnxLoad): Promise<OnnxRuntimeSession> {
  return InferenceSession.create(model, { executionProviders: ["cpu"], intraOpNumThreads: threads, logSeverityLevel: 3 });
}

async function run({ library, session, description }: Loaded, { ids, positions }: OnnxSequence): Promise<void> {
  const feeds: Record<string, OnnxTensor> = {};
  for (const [name, { type, data, dims }] of feedsOf(description, ids)) feeds[name] = new library.Tensor(type, data, dims);
  const { vocabulary, logits: output } = description;
  const found = (await session.run(feeds, [output.name]))[output.name];
  const expected = [1, ids.length, vocabulary];
  if (!found || found.dims.join() !== expected.join()) {
    throw new Error(`It gives logits of ${found?.dims.join("×") ?? "nothing"} in place of ${expected.join("×")}`);
  }
  const values = valuesOf(found);
  const most = Math.max(1, Math.floor(valuesAtOnce / vocabulary));
  for (let row = 0; row < positions.length; row += most) {
    const some = positions.subarray(row, row + most);
    const logits = new Float32Array(some.length * vocabulary);
    some.forEach((position, i) => logits.set(values.subarray(position * vocabulary, (position + 1) * vocabulary), i * vocabulary));
    send({ row, logits });
  }
}

function valuesOf({ data }: OnnxTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return Float32Array.from(data, halfToFloat);
  // A typed array of half precision, which the oldest Node that we run in does not know.
  return Float32Array.from(data as Iterable<number>);
}
