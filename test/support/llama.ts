import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { libraryFolder } from "./ggml";

/** How `llama_model_quantize` is called. */
export interface LlamaQuantizeOptions {
  /** `llama_ftype`. */
  fileType: number;
  /** One, unless it says otherwise. */
  threads?: number;
  pure?: boolean;
  allowRequantize?: boolean;
  /** Regular expressions and ggml type numbers: `--tensor-type`. */
  overrides?: readonly (readonly [pattern: string, typeId: number])[];
  /** Weights of a tensor's columns, by tensor. */
  importance?: ReadonlyMap<string, Float32Array>;
}

/** The vocabulary of a model, loaded by the real llama.cpp. */
export interface LlamaVocabulary {
  /** @param addSpecial with the tokens that begin and end a text */
  tokenize(text: string, addSpecial: boolean): number[];
  close(): void;
}

/** A model loaded by the real llama.cpp. */
export interface LlamaModel extends LlamaVocabulary {
  /** Logits of every position, one row after the other. */
  logits(ids: readonly number[]): Float32Array;
  readonly vocabulary: number;
}

/** How a model is loaded. */
export interface LlamaLoadOptions {
  /** One, unless it says otherwise. */
  threads?: number;
  /** Hears what enters the weights of the blocks, a row for each token: what `llama-imatrix` collects. */
  onInputs?: (weight: string, values: Float32Array, columns: number) => void;
}

/**
 * The real llama.cpp, called in process. Its assertions end the process, so only files that should load are given to it.
 * Struct sizes and offsets are those of the release that `test/oracle/package.json` pins.
 */
export interface Llama {
  /** @returns whether it succeeded */
  quantize(source: string, target: string, options: LlamaQuantizeOptions): boolean;
  /** @param context tokens; keys and values are kept as float32 */
  load(file: string, context: number, options?: LlamaLoadOptions): LlamaModel;
  /** Only the tokenizer: the file needs no weights. */
  loadVocabulary(file: string): LlamaVocabulary;
}

const requireHere = createRequire(__filename);
let loaded: Llama | undefined;

/** The library, or undefined where it is not installed. */
export function findLlama(): Llama | undefined {
  const folder = libraryFolder();
  return folder === undefined ? undefined : (loaded ??= bind(folder));
}

/** The library; skips the test, saying why, where it is absent. */
export function llamaOrSkip(test: Mocha.Context): Llama {
  const found = findLlama();
  if (found) return found;
  console.log("      skipped: llama.cpp is not installed here");
  return test.skip();
}

function bind(folder: string): Llama {
  const koffi = requireHere("koffi") as typeof import("koffi");
  const open = (prefix: string) =>
    koffi.load(
      path.join(
        folder,
        readdirSync(folder).find((name) => name.startsWith(`${prefix}.`) && name.endsWith(".so"))!,
      ),
      { global: true },
    );
  const base = open("libggml-base");
  const ggml = open("libggml");
  const llama = open("libllama");

  const QuantizeParams = koffi.struct("llama_model_quantize_params", {
    nthread: "int32_t",
    ftype: "int32_t",
    output_tensor_type: "int32_t",
    token_embedding_type: "int32_t",
    allow_requantize: "bool",
    quantize_output_tensor: "bool",
    only_copy: "bool",
    pure: "bool",
    keep_split: "bool",
    dry_run: "bool",
    imatrix: "void *",
    kv_overrides: "void *",
    tt_overrides: "void *",
    prune_layers: "void *",
  });
  const Override = koffi.struct("llama_model_tensor_override", { pattern: "void *", type: "int32_t" });
  const Weights = koffi.struct("llama_model_imatrix_data", { name: "void *", data: "void *", size: "size_t" });
  const ModelParams = koffi.struct("llama_model_params", { bytes: koffi.array("uint64_t", 10) });
  const ContextParams = koffi.struct("llama_context_params", { words: koffi.array("uint32_t", 40) });
  const Batch = koffi.struct("llama_batch", {
    n_tokens: "int32_t",
    token: "void *",
    embd: "void *",
    pos: "void *",
    n_seq_id: "void *",
    seq_id: "void *",
    logits: "void *",
  });
  const LogCallback = koffi.proto("void llama_log(int level, const char *text, void *data)");

  const quantizeDefaults = llama.func("llama_model_quantize_default_params", QuantizeParams, []);
  const quantize = llama.func("llama_model_quantize", "uint32_t", ["str", "str", koffi.pointer(QuantizeParams)]);
  const modelDefaults = llama.func("llama_model_default_params", ModelParams, []);
  const contextDefaults = llama.func("llama_context_default_params", ContextParams, []);
  const loadModel = llama.func("llama_model_load_from_file", "void *", ["str", ModelParams]);
  const newContext = llama.func("llama_init_from_model", "void *", ["void *", ContextParams]);
  const getVocabulary = llama.func("llama_model_get_vocab", "void *", ["void *"]);
  const countTokens = llama.func("llama_vocab_n_tokens", "int32_t", ["void *"]);
  const tokenize = llama.func("llama_tokenize", "int32_t", ["void *", "str", "int32_t", "void *", "int32_t", "bool", "bool"]);
  const newBatch = llama.func("llama_batch_init", Batch, ["int32_t", "int32_t", "int32_t"]);
  const freeBatch = llama.func("llama_batch_free", "void", [Batch]);
  const decode = llama.func("llama_decode", "int32_t", ["void *", Batch]);
  const getLogits = llama.func("llama_get_logits", "void *", ["void *"]);
  const getMemory = llama.func("llama_get_memory", "void *", ["void *"]);
  const clearMemory = llama.func("llama_memory_clear", "void", ["void *", "bool"]);
  const freeContext = llama.func("llama_free", "void", ["void *"]);
  const freeModel = llama.func("llama_model_free", "void", ["void *"]);
  const EvalCallback = koffi.proto("bool llama_eval(void *tensor, bool ask, void *data)");
  const operationName = base.func("ggml_op_name", "str", ["int32_t"]);
  const silent = koffi.register(() => undefined, koffi.pointer(LogCallback));
  llama.func("llama_log_set", "void", [koffi.pointer(LogCallback), "void *"])(silent, null);
  ggml.func("ggml_backend_load_all_from_path", "void", ["str"])(folder);
  llama.func("llama_backend_init", "void", [])();

  const place = (type: string, values: ArrayLike<number> | readonly unknown[]): unknown => {
    const memory: unknown = koffi.alloc(type, values.length);
    koffi.encode(memory, koffi.array(type, values.length), values);
    return memory;
  };
  const text = (value: string): unknown => place("uint8_t", new TextEncoder().encode(`${value}\0`));
  const records = (type: ReturnType<typeof koffi.struct>, values: readonly object[]): unknown => {
    const memory: unknown = koffi.alloc(type, values.length);
    koffi.encode(memory, koffi.array(type, values.length), values);
    return memory;
  };

  const tokenizeWith =
    (model: unknown) =>
    (value: string, addSpecial: boolean): number[] => {
      const most = Buffer.byteLength(value) + 8;
      const ids: unknown = koffi.alloc("int32_t", most);
      const count = tokenize(getVocabulary(model), value, Buffer.byteLength(value), ids, most, addSpecial, false) as number;
      const found = count > 0 ? Array.from(koffi.decode(ids, koffi.array("int32_t", count)) as Int32Array) : [];
      koffi.free(ids);
      return found;
    };

  const words64 = (value: bigint): [number, number] => [Number(value & 0xffffffffn), Number(value >> 32n)];
  /** Reads of `ggml_tensor` what `llama-imatrix` does, in the release that the tests pin. */
  const listen =
    (onInputs: (weight: string, values: Float32Array, columns: number) => void) =>
    (tensor: unknown, ask: boolean): boolean => {
      const pointer = (from: unknown, offset: number): unknown => koffi.decode(from, offset, "void *");
      if (operationName(koffi.decode(tensor, 80, "int32_t")) !== "MUL_MAT") return false;
      const [weight, inputs] = [pointer(tensor, 152), pointer(tensor, 160)];
      const name = koffi.decode(weight, 256, "char", 64) as string;
      const [columns, rows] = koffi.decode(inputs, 16, koffi.array("int64_t", 2)) as Iterable<number | bigint>;
      if (!name.startsWith("blk.") || Number(rows) < 16) return false;
      if (!ask)
        onInputs(
          name,
          koffi.decode(pointer(inputs, 248), koffi.array("float", Number(columns) * Number(rows), "Typed")) as Float32Array,
          Number(columns),
        );
      return true;
    };

  return {
    loadVocabulary(file) {
      const params = modelDefaults() as { bytes: BigUint64Array | bigint[] };
      const bytes = Array.from(params.bytes, BigInt);
      // vocab_only.
      bytes[9]! |= 1n;
      const model: unknown = loadModel(file, { bytes });
      if (!model) throw new Error(`llama.cpp does not load ${file}`);
      return { tokenize: tokenizeWith(model), close: () => void freeModel(model) };
    },
    quantize(source, target, { fileType, threads = 1, pure = false, allowRequantize = false, overrides, importance }) {
      const params = quantizeDefaults() as Record<string, unknown>;
      Object.assign(params, { nthread: threads, ftype: fileType, pure, allow_requantize: allowRequantize });
      if (overrides) {
        const entries = overrides.map(([pattern, type]) => ({ pattern: text(pattern), type }));
        params.tt_overrides = records(Override, [...entries, { pattern: null, type: 0 }]);
      }
      if (importance) {
        const entries = [...importance].map(([name, data]) => ({ name: text(name), data: place("float", data), size: data.length }));
        params.imatrix = records(Weights, [...entries, { name: null, data: null, size: 0 }]);
      }
      return quantize(source, target, params) === 0;
    },
    load(file, context, { threads = 1, onInputs } = {}) {
      const model: unknown = loadModel(file, modelDefaults());
      if (!model) throw new Error(`llama.cpp does not load ${file}`);
      const params = contextDefaults() as { words: Uint32Array | number[] };
      const words = Array.from(params.words);
      // n_ctx, n_batch, n_ubatch; n_threads and n_threads_batch; flash attention off; keys and values as F32 instead of F16.
      words.splice(0, 3, context, context, context);
      words.splice(7, 2, threads, threads);
      words.splice(13, 1, 0);
      words.splice(26, 2, 0, 0);
      const listener = onInputs && koffi.register(listen(onInputs), koffi.pointer(EvalCallback));
      // cb_eval.
      if (listener) words.splice(22, 2, ...words64(koffi.address(listener)));
      const state: unknown = newContext(model, { words });
      if (!state) throw new Error(`llama.cpp does not run ${file}`);
      const words32 = (pointer: unknown, values: readonly number[]): void =>
        koffi.encode(pointer, koffi.array("int32_t", values.length), values);
      const vocabulary = countTokens(getVocabulary(model)) as number;
      const batch = newBatch(context, 0, 1) as Record<string, unknown>;
      return {
        vocabulary,
        tokenize: tokenizeWith(model),
        logits(ids) {
          clearMemory(getMemory(state), true);
          const ones = ids.map(() => 1);
          words32(batch.token, ids);
          words32(
            batch.pos,
            ids.map((_, i) => i),
          );
          words32(batch.n_seq_id, ones);
          for (const sequence of koffi.decode(batch.seq_id, koffi.array("void *", ids.length)) as unknown[]) words32(sequence, [0]);
          koffi.encode(batch.logits, koffi.array("int8_t", ids.length), ones);
          const status = decode(state, { ...batch, n_tokens: ids.length }) as number;
          if (status !== 0) throw new Error(`llama_decode failed with ${status}`);
          return koffi.decode(getLogits(state), koffi.array("float", ids.length * vocabulary, "Typed")) as Float32Array;
        },
        close() {
          freeBatch(batch);
          freeContext(state);
          freeModel(model);
          if (listener) koffi.unregister(listener);
        },
      };
    },
  };
}

/** Mean negative log-likelihood of the ids from `first` on, from the logits of the positions before them. */
export function meanNll(logits: Float32Array, vocabulary: number, ids: readonly number[], first: number): { sum: number; count: number } {
  let sum = 0;
  for (let i = first; i < ids.length; i++) {
    const row = logits.subarray((i - 1) * vocabulary, i * vocabulary);
    const most = row.reduce((largest, value) => Math.max(largest, value), -Infinity);
    const total = row.reduce((all, value) => all + Math.exp(value - most), 0);
    sum += most + Math.log(total) - row[ids[i]!]!;
  }
  return { sum, count: ids.length - first };
}
