import { halfTable } from "./half";
import { exponentTable, minifloats, minifloatTable } from "./minifloat";
import { viewAs } from "./views";

/** Turns stored bytes into float32: `target.length` values from the start of `source`. */
export type Decode = (source: Uint8Array, target: Float32Array) => void;

/** Types whose elements a typed array reads; storing in a Float32Array rounds to nearest even. */
function typed(type: Parameters<typeof viewAs<ArrayLike<number>>>[0]): Decode {
  return (source, target) => {
    const view = viewAs(type, source.subarray(0, target.length * type.BYTES_PER_ELEMENT));
    target.set(view);
  };
}

function byTable8(makeTable: () => Float32Array): Decode {
  let table: Float32Array | undefined;
  return (source, target) => {
    const values = (table ??= makeTable());
    for (let i = 0; i < target.length; i++) target[i] = values[source[i]!]!;
  };
}

const decodeF16: Decode = (source, target) => {
  const values = halfTable();
  const halves = viewAs(Uint16Array, source.subarray(0, target.length * 2));
  for (let i = 0; i < target.length; i++) target[i] = values[halves[i]!]!;
};

const decodeBF16: Decode = (source, target) => {
  const patterns = viewAs(Uint16Array, source.subarray(0, target.length * 2));
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < bits.length; i++) bits[i] = patterns[i]! << 16;
};

/**
 * 64-bit integers to float32 with a single rounding. Going through float64 rounds twice; where the integer has more than
 * 53 bits, its low 11 bits are therefore first folded into one sticky bit, far below the last bit float32 keeps.
 */
function integer64(signed: boolean): Decode {
  return (source, target) => {
    const words = viewAs(Uint32Array, source.subarray(0, target.length * 8));
    for (let i = 0; i < target.length; i++) {
      let low = words[2 * i]!;
      const word = words[2 * i + 1]!;
      const high = signed ? word | 0 : word;
      if (high >= 0x200000 || high < -0x200000) low = ((low & ~0x7ff) | (low & 0x7ff ? 0x800 : 0)) >>> 0;
      target[i] = high * 2 ** 32 + low;
    }
  };
}

/** Two values a byte, the first in the low nibble. */
function packed4(makeTable: () => Float32Array): Decode {
  let table: Float32Array | undefined;
  return (source, target) => {
    const values = (table ??= makeTable());
    for (let i = 0; i < target.length; i++) target[i] = values[(source[i >> 1]! >> (4 * (i & 1))) & 15]!;
  };
}

/** Four values in three bytes, as one little-endian bit stream. */
function packed6(makeTable: () => Float32Array): Decode {
  let table: Float32Array | undefined;
  return (source, target) => {
    const values = (table ??= makeTable());
    for (let i = 0; i < target.length; i++) {
      const bit = 6 * i;
      const pair = source[bit >> 3]! | ((source[(bit >> 3) + 1] ?? 0) << 8);
      target[i] = values[(pair >> (bit & 7)) & 63]!;
    }
  };
}

/** Decoders of the types that store each value by itself, by safetensors name. */
export const plainDecoders: Readonly<Record<string, Decode>> = {
  F64: typed(Float64Array),
  F32: typed(Float32Array),
  F16: decodeF16,
  BF16: decodeBF16,
  F8_E4M3: byTable8(() => minifloatTable(minifloats.F8_E4M3)),
  F8_E5M2: byTable8(() => minifloatTable(minifloats.F8_E5M2)),
  F8_E4M3FNUZ: byTable8(() => minifloatTable(minifloats.F8_E4M3FNUZ)),
  F8_E5M2FNUZ: byTable8(() => minifloatTable(minifloats.F8_E5M2FNUZ)),
  F8_E8M0: byTable8(exponentTable),
  F6_E2M3: packed6(() => minifloatTable(minifloats.F6_E2M3)),
  F6_E3M2: packed6(() => minifloatTable(minifloats.F6_E3M2)),
  F4: packed4(() => minifloatTable(minifloats.F4)),
  INT4: packed4(() => Float32Array.from({ length: 16 }, (_, code) => (code < 8 ? code : code - 16))),
  UINT4: packed4(() => Float32Array.from({ length: 16 }, (_, code) => code)),
  I8: typed(Int8Array),
  U8: typed(Uint8Array),
  I16: typed(Int16Array),
  U16: typed(Uint16Array),
  I32: typed(Int32Array),
  U32: typed(Uint32Array),
  I64: integer64(true),
  U64: integer64(false),
  // Any nonzero byte is true, as NumPy and PyTorch read it.
  BOOL: byTable8(() => Float32Array.from({ length: 256 }, (_, byte) => (byte === 0 ? 0 : 1))),
};
