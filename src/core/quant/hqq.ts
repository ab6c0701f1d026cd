import { countValues } from "../tensor/tensorInfo";
import { roundHalfEven } from "./roundHalfEven";
import type { HqqScheme } from "./scheme";

/** Most passes of the search; it ends with the first that does not lower the error of the whole tensor. */
export const hqqIterations = 20;
/** The search minimizes Σ|e|^p; the reference's p − 1 and 1 / β. */
const exponent = 0.7 - 1;
const shrinkage = Math.fround(0.1);

/** Up to here (0.1 · m^−0.3 ≥ m) nothing is left of an error after shrinking: no power need be taken. */
const small = 0.17;

/** How values of one group become codes: `code = clamp(rint(x · scale + zero))`; the scale is the inverse of the usual. */
export interface HqqGroup {
  scale: number;
  zero: number;
}

/** Scale and zero of a group before the search, float32. Values that are not finite take no part. */
export function hqqStart(group: Float32Array, bits: number): HqqGroup {
  const top = 2 ** bits - 1;
  let low = Infinity;
  let high = -Infinity;
  for (const value of group) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { scale: 1, zero: 0 };
  const width = Math.fround(high - low);
  // PyTorch divides a number by a tensor by way of the tensor's reciprocal.
  const scale = width <= 1e-4 ? 1 : Math.min(Math.fround(Math.fround(1 / width) * top), 2e4);
  const zero = Math.fround(-low * scale);
  return { scale, zero: bits === 4 ? roundHalfEven(zero) : zero };
}

/** Code of a finite value. */
export function hqqCode(value: number, { scale, zero }: HqqGroup, top: number): number {
  return Math.min(top, Math.max(0, roundHalfEven(Math.fround(Math.fround(value * scale) + zero))));
}

/** The value a code stands for. */
export function hqqValue(code: number, { scale, zero }: HqqGroup): number {
  return Math.fround(Math.fround(code - zero) / scale);
}

/**
 * One pass of the half-quadratic search over a group: moves its zero.
 *
 * @returns Σ|x − x̂| before the move
 */
export function hqqStep(group: Float32Array, state: HqqGroup, top: number): number {
  let error = 0;
  let sum = 0;
  for (const stored of group) {
    const value = Number.isFinite(stored) ? stored : 0;
    const code = hqqCode(value, state, top);
    const rest = Math.fround(value - hqqValue(code, state));
    const magnitude = Math.abs(rest);
    error += magnitude;
    const shrunk =
      magnitude <= small ? 0 : Math.max(0, Math.fround(magnitude - Math.fround(shrinkage * Math.fround(magnitude ** exponent))));
    const target = Math.fround(value - (rest < 0 ? -shrunk : shrunk));
    sum += Math.fround(code - Math.fround(target * state.scale));
  }
  state.zero = Math.fround(sum / group.length);
  return error;
}

/**
 * Passes that the reference makes, from the summed errors of each: it stops after the first whose mean error, a float32, is
 * not below the least so far.
 */
export function hqqPasses(errors: readonly number[], values: number): number {
  let best = Infinity;
  for (let pass = 0; pass < hqqIterations; pass++) {
    const mean = Math.fround(errors[pass]! / values);
    if (!(mean < best)) return pass + 1;
    best = mean;
  }
  return hqqIterations;
}

const pattern = /^hqq([12348])(?:-g(\d+))?(-rtn)?$/;

/**
 * The HQQ type a name stands for (Badri and Shaji, "Half-Quadratic Quantization", 2023; its package's defaults: groups of 64
 * along the rows): `hqq` and 8, 4, 3, 2 or 1 bits, optionally `-g` and a group size, optionally `-rtn` to leave out the
 * search. Undefined for any other name.
 */
export function parseHqq(name: string): HqqScheme | undefined {
  const id = name.toLowerCase();
  const match = pattern.exec(id);
  if (!match) return undefined;
  const size = match[2] === undefined ? 64 : Number(match[2]);
  if (!(size >= 8 && size <= 8192 && size % 8 === 0)) return undefined;
  return hqqScheme(id, Number(match[1]), size, match[3] === undefined);
}

/**
 * Codes, and a float16 scale and zero a group. 3-bit codes of the same place in ten groups share an int32. Source: hqq
 * `core/bitpack.py` (pack_3bit_32).
 */
function hqqBytes(values: number, size: number, bits: number): number {
  const groups = Math.ceil(values / size);
  const codes = bits === 3 ? 4 * Math.ceil(groups / 10) * size : Math.ceil((values * bits) / 8);
  return codes + 4 * groups;
}

function hqqScheme(id: string, bits: number, size: number, optimized: boolean): HqqScheme {
  return {
    id,
    label: `HQQ${bits} · half-quadratic, groups of ${size}${optimized ? "" : ", no search"}`,
    family: "integer",
    hqqBits: bits,
    optimized,
    blockSize: size,
    cut: size,
    bytes: (shape) => hqqBytes(countValues(shape), size, bits),
    applicable(shape) {
      const values = countValues(shape);
      return values % size === 0 || { reason: `${values} values are not a multiple of ${size}`, fallback: "f16" };
    },
    ...(optimized ? { tensorSums: (source: Float32Array) => passErrors(source, size, bits) } : {}),
    fakeQuantize(source, _columns, target, sums) {
      const passes = optimized ? hqqPasses(sums, sums[hqqIterations]!) : 0;
      hqqGroupsPlain(source, size, bits, passes, undefined, target);
    },
  };
}

function forEachGroup(source: Float32Array, size: number, visit: (group: Float32Array, start: number) => void): void {
  for (let start = 0; start < source.length; start += size) visit(source.subarray(start, start + size), start);
}

/**
 * The search over whole groups: `passes` moves of the zero of each.
 *
 * @param errors summed errors before each move are added to it
 * @param target where dequantized values go, if wanted
 */
export function hqqGroupsPlain(
  source: Float32Array,
  size: number,
  bits: number,
  passes: number,
  errors?: Float64Array,
  target?: Float32Array,
): void {
  const top = 2 ** bits - 1;
  forEachGroup(source, size, (group, start) => {
    const state = hqqStart(group, bits);
    for (let pass = 0; pass < passes; pass++) {
      const error = hqqStep(group, state, top);
      if (errors) errors[pass]! += error;
    }
    if (!target) return;
    for (let i = 0; i < group.length; i++) {
      target[start + i] = Number.isFinite(group[i]) ? hqqValue(hqqCode(group[i]!, state, top), state) : 0;
    }
  });
}

/** Summed error of each pass, then the number of values. Groups meet nowhere but in when the search stops. */
function passErrors(source: Float32Array, size: number, bits: number): number[] {
  const sums = new Float64Array(hqqIterations + 1);
  hqqGroupsPlain(source, size, bits, hqqIterations, sums);
  sums[hqqIterations] = source.length;
  return [...sums];
}
