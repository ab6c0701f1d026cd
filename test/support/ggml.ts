import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * The real ggml library, called in process: the oracle for quantized bytes. It comes from the npm package
 * `@node-llama-cpp/linux-x64`, whose library is built without fused multiply-add, so its results are plain IEEE
 * float32 and comparable bit for bit (x86-64 only; compilers for ARM64 contract a·b+c).
 */
export interface Ggml {
  /** `ggml_quantize_chunk`: `rows` × `columns` values to stored bytes; `weights` are those of an importance matrix, one a column. */
  quantizeChunk(typeId: number, values: Float32Array, rows: number, columns: number, weights?: Float32Array): Uint8Array;
  /** The same into a buffer of the caller: for timing, without the allocation. */
  quantizeInto(typeId: number, values: Float32Array, target: Uint8Array, rows: number, columns: number): void;
  /** `dequantize_row_<typeName>`, e.g. `q4_K`, over `count` values. */
  dequantize(typeName: string, bytes: Uint8Array, count: number): Float32Array;
  /** Bytes of a row of `columns` values. */
  rowSize(typeId: number, columns: number): number;
}

/** ggml's type numbers as files store them. */
export const ggmlTypeIds = {
  f32: 0,
  f16: 1,
  q4_0: 2,
  q4_1: 3,
  q5_0: 6,
  q5_1: 7,
  q8_0: 8,
  q2_K: 10,
  q3_K: 11,
  q4_K: 12,
  q5_K: 13,
  q6_K: 14,
  iq2_xxs: 16,
  iq2_xs: 17,
  iq3_xxs: 18,
  iq1_s: 19,
  iq4_nl: 20,
  iq3_s: 21,
  iq2_s: 22,
  iq4_xs: 23,
  iq1_m: 29,
  bf16: 30,
  tq1_0: 34,
  tq2_0: 35,
  mxfp4: 39,
  nvfp4: 40,
  q1_0: 41,
  q2_0: 42,
} as const;

export type GgmlTypeName = keyof typeof ggmlTypeIds;

/** ggml's spelling of a block type: `q4_K` of `Q4_K`. */
export function ggmlName(type: string): GgmlTypeName {
  return type.toLowerCase().replace("_k", "_K") as GgmlTypeName;
}

const requireHere = createRequire(__filename);
const packageName = "@node-llama-cpp/linux-x64";

/** Folder of the shared libraries of llama.cpp and ggml, or undefined where they cannot run. */
export function libraryFolder(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = packageFolder();
  return folder && path.join(folder, "bins", "linux-x64");
}

/** Folder of the platform package: this project's `node_modules`, else that of `QUANTSCOPE_GGML_DIR`, else where setup installs it. */
function packageFolder(): string | undefined {
  const project = path.join(__dirname, "..", "..");
  const roots = [project, process.env.QUANTSCOPE_GGML_DIR, path.join(project, ".cache", "oracle")];
  for (const root of roots) {
    if (root === undefined) continue;
    for (const folder of [path.join(root, "node_modules", packageName), root]) {
      if (existsSync(path.join(folder, "bins", "linux-x64", "libggml-base.so"))) return folder;
    }
  }
  return undefined;
}

type DequantizeRow = (bytes: Uint8Array, target: Float32Array, count: number) => void;

let loaded: Ggml | undefined;

/** The library, or undefined where it cannot run (another platform, or the package is not installed). */
export function loadGgml(): Ggml | undefined {
  if (loaded) return loaded;
  const folder = libraryFolder();
  if (folder === undefined) return undefined;
  loaded = bind(path.join(folder, "libggml-base.so"));
  return loaded;
}

/** The library; skips the test, saying why, where it is absent. */
export function ggmlOrSkip(test: Mocha.Context): Ggml {
  const ggml = loadGgml();
  if (ggml) return ggml;
  console.log(`      skipped: ${packageName} is not installed here (or QUANTSCOPE_GGML_DIR does not point to it)`);
  return test.skip();
}

function bind(libraryFile: string): Ggml {
  const koffi = requireHere("koffi") as typeof import("koffi");
  const library = koffi.load(libraryFile);
  const initParams = koffi.struct("ggml_init_params", { mem_size: "size_t", mem_buffer: "void *", no_alloc: "bool" });
  const init = library.func("ggml_init", "void *", [initParams]);
  const free = library.func("ggml_free", "void", ["void *"]);
  const quantize = library.func(
    "size_t ggml_quantize_chunk(int type, float *src, void *dst, int64_t start, int64_t nrows, int64_t n_per_row, float *imatrix)",
  );
  const rowSizeOf = library.func("size_t ggml_row_size(int type, int64_t ne)");
  const dequantizers = new Map<string, DequantizeRow>();
  // The half-precision table is filled by the first ggml_init; without it Q4_K silently differs.
  free(init({ mem_size: 1024, mem_buffer: null, no_alloc: true }));

  const rowSize = (typeId: number, columns: number) => Number(rowSizeOf(typeId, columns));
  return {
    rowSize,
    quantizeChunk(typeId, values, rows, columns, weights) {
      const target = new Uint8Array(rowSize(typeId, columns) * rows);
      const written = Number(quantize(typeId, values, target, 0, rows, columns, weights ?? null));
      if (written !== target.length) throw new Error(`ggml wrote ${written} bytes, expected ${target.length}`);
      return target;
    },
    quantizeInto(typeId, values, target, rows, columns) {
      quantize(typeId, values, target, 0, rows, columns, null);
    },
    dequantize(typeName, bytes, count) {
      let dequantizeRow = dequantizers.get(typeName);
      if (!dequantizeRow) {
        dequantizeRow = library.func(`void dequantize_row_${typeName}(void *x, float *y, int64_t k)`) as DequantizeRow;
        dequantizers.set(typeName, dequantizeRow);
      }
      const target = new Float32Array(count);
      dequantizeRow(bytes, target, count);
      return target;
    },
  };
}
