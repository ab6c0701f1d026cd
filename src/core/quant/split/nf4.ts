import type { SplitScheme } from "./splitScheme";

/** Values of a block. */
const block = 64;

/** The sixteen levels of NF4. Source: bitsandbytes `functional.py` (QLoRA, Dettmers et al. 2023, appendix E). */
const levels = Float32Array.of(
  -1,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1,
);

/** Halfway between two levels; what lies on one goes down. */
const middles = Float32Array.from({ length: 15 }, (_, i) => Math.fround(levels[i]! + levels[i + 1]!) / 2);
const least = Math.fround(1e-38);

/** PyTorch's names of the types that weights are decoded to. */
const torchTypes: Readonly<Record<string, string>> = { F16: "float16", BF16: "bfloat16" };

function codeOf(value: number): number {
  let code = value > middles[7]! ? 8 : 0;
  if (value > middles[code + 3]!) code += 4;
  if (value > middles[code + 1]!) code += 2;
  if (value > middles[code]!) code += 1;
  return code;
}

/**
 * NF4 in blocks of 64 over the flattened matrix, with float32 scales, as bitsandbytes stores it: the first of two codes in the
 * high half of a byte. Source: bitsandbytes `backends/default/ops.py` (quantize_4bit), `functional.py` (QuantState.as_dict).
 */
export const nf4: SplitScheme = {
  id: "nf4",
  applies: ({ rows, columns }) => (rows * columns) % block === 0,
  codes: ({ rows, columns }) => ({ suffix: "", dtype: "U8", shape: [(rows * columns) / 2, 1] }),
  scales: ({ rows, columns }) => ({ suffix: ".absmax", dtype: "F32", shape: [(rows * columns) / block] }),
  constants({ rows, columns, dtype }) {
    const state = { quant_type: "nf4", blocksize: block, dtype: torchTypes[dtype] ?? "float32", shape: [rows, columns] };
    const text = new TextEncoder().encode(JSON.stringify(state));
    return [
      { suffix: ".quant_map", dtype: "F32", shape: [levels.length], bytes: new Uint8Array(levels.buffer) },
      { suffix: ".quant_state.bitsandbytes__nf4", dtype: "U8", shape: [text.length], bytes: text },
    ];
  },
  unit: () => block,
  codeBytes: (values) => values / 2,
  quantize(source, _columns, _dtype, codes, scales) {
    const view = new DataView(scales.buffer, scales.byteOffset, scales.byteLength);
    for (let start = 0, at = 0; start < source.length; start += block, at += 4) {
      let most = 0;
      for (let i = start; i < start + block; i++) most = Math.max(most, Math.abs(source[i]!));
      view.setFloat32(at, most, true);
      const inverse = Math.fround(1 / Math.max(most, least));
      // Rounding may take a value a little beyond 1, which is the last code all the same.
      const code = (i: number): number => codeOf(Math.fround(source[i]! * inverse));
      for (let i = start; i < start + block; i += 2) codes[i / 2] = (code(i) << 4) | code(i + 1);
    }
  },
};
