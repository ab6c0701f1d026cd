import { writeFileSync } from "node:fs";
import { floatToBfloat16 } from "../../src/core/decode/bfloat16";
import { floatToHalf } from "../../src/core/decode/half";
import { type Distribution, randomFrom, sample, withSpecials } from "./distributions";
import { safetensorsBits, type WrittenTensor, writeSafetensors } from "./safetensorsWriter";

function bytesOf(values: Float32Array | Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function f32(name: string, shape: number[], values: Float32Array): WrittenTensor {
  return { name, dtype: "F32", shape, bytes: bytesOf(values) };
}

function drawn(
  name: string,
  shape: number[],
  distribution: Distribution,
  change: (value: number) => number = (value) => value,
): WrittenTensor {
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  return f32(name, shape, sample(distribution, count, count).map(change));
}

/** Every bit pattern is as likely as any other: NaN, infinities, subnormals and both zeros are among them. */
function randomCodes(dtype: string, seed: number): WrittenTensor {
  const shape = [24, 400];
  const random = randomFrom(seed);
  const bytes = Uint8Array.from({ length: (shape[0]! * shape[1]! * safetensorsBits[dtype]!) / 8 }, () => Math.floor(random() * 256));
  return { name: `codes of ${dtype}`, dtype, shape, bytes };
}

/** Types that the reference decodes as well. F64 has values of its own: powers of random patterns overflow. */
const plainTypes =
  "F32 F16 BF16 F8_E4M3 F8_E5M2 F8_E4M3FNUZ F8_E5M2FNUZ F8_E8M0 F6_E2M3 F6_E3M2 F4 I8 U8 I16 U16 I32 U32 I64 U64 BOOL".split(" ");

/** Tensors whose statistics are easily got wrong: a safetensors file, the same each time. `complex` cannot be decoded. */
export function writeStatsTensors(file: string): void {
  const normal = sample("normal", 50_000, 4);
  const specials = withSpecials(sample("small normal", 70_001, 5), 0.01);
  writeFileSync(
    file,
    writeSafetensors([
      // More than one piece of work, so that states are merged.
      drawn("large, far from zero", [2304, 4096], "normal", (value) => 1000 + value * 0.01),
      drawn("heavy tails", [999, 1001], "heavy tails"),
      drawn("huge", [300, 100], "huge"),
      drawn("tiny", [300, 100], "tiny", (value) => value * 1e-35),
      drawn("one-sided", [128, 33], "one-sided"),
      drawn("pruned", [512, 300], "zeros of both signs"),
      drawn("half steps", [64, 1024], "half steps"),
      f32(
        "finite and not",
        [70_001],
        specials.map((value) => (Math.abs(value) > 1e38 ? 0.5 : value)),
      ),
      f32("whole range", [70_001], specials),
      f32("all NaN", [7], new Float32Array(7).fill(NaN)),
      f32("NaN and infinities", [3], Float32Array.of(NaN, Infinity, -Infinity)),
      f32("constant", [40, 50], new Float32Array(2000).fill(0.1)),
      f32("constant, negative and large", [1500], new Float32Array(1500).fill(-123456.789)),
      f32("zeros of both signs", [4], Float32Array.of(0, -0, -0, 0)),
      f32("empty", [0, 16], new Float32Array(0)),
      f32("scalar", [], Float32Array.of(-2.5)),
      f32("two values", [2], Float32Array.of(1, 3)),
      f32(
        "neighbours",
        [1000],
        Float32Array.from({ length: 1000 }, (_, index) => (index % 3 === 0 ? 1 : 1 + 2 ** -23)),
      ),
      {
        name: "half, far from zero",
        dtype: "F16",
        shape: [50, 1000],
        bytes: bytesOf(Uint16Array.from(normal, (x) => floatToHalf(2000 + 3 * x))),
      },
      {
        name: "bfloat, far from zero",
        dtype: "BF16",
        shape: [50_000],
        bytes: bytesOf(Uint16Array.from(normal, (x) => floatToBfloat16(90 + x))),
      },
      { name: "half, empty", dtype: "F16", shape: [3, 0, 5], bytes: new Uint8Array(0) },
      { name: "double", dtype: "F64", shape: [50_000], bytes: bytesOf(Float64Array.from(normal, (x) => 1e5 + x / 7)) },
      { name: "double, beyond float32", dtype: "F64", shape: [4], bytes: bytesOf(Float64Array.of(1e60, -3e60, 1e-60, 2.5)) },
      ...plainTypes.map((dtype, index) => randomCodes(dtype, 100 + index)),
      { name: "complex", dtype: "C64", shape: [5] },
    ]),
  );
}
