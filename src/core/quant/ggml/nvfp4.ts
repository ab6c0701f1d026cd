import { halvedE4M3, nvfp4 as format } from "../../decode/ggml/nvfp4";
import { blockScheme } from "./blockScheme";
import { extremeValue } from "./float32";
import { nearestE2M1 } from "./nearestE2M1";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The scale byte of a float32: unsigned E4M3, halves rounded up, at most 448. Source: ggml `ggml_fp32_to_ue4m3`. */
function unsignedE4M3(value: number): number {
  if (!(value > 0)) return 0;
  float[0] = Math.min(value, 448);
  const pattern = bits[0]!;
  const exponent = (pattern >>> 23) - 127 + 7;
  if (exponent <= 0) return Math.min(7, Math.trunc(Math.fround(Math.fround(float[0]! * 512) + 0.5)));
  const code = (exponent << 3) + ((pattern >>> 20) & 7) + ((pattern >>> 19) & 1);
  // From 256 on there is only the largest, also where rounding gets there.
  return code >= 15 << 3 ? 0x7e : code;
}

/** NVFP4: 4-bit floats under an 8-bit float for 16 values, which maps the largest magnitude to 6. */
export const nvfp4 = blockScheme(format, "NVFP4 · 4-bit floats, 8-bit float scales", (source, at, target, offset) => {
  for (let s = 0; s < 4; s++) {
    const from = at + 16 * s;
    const code = unsignedE4M3(Math.fround(Math.abs(extremeValue(source, from, 16)) / 6));
    const scale = halvedE4M3(code);
    target[offset + s] = code;
    for (let j = 0; j < 8; j++) {
      target[offset + 4 + 8 * s + j] = nearestE2M1(source[from + j]!, scale) | (nearestE2M1(source[from + 8 + j]!, scale) << 4);
    }
  }
});
