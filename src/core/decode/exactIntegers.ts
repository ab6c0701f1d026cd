import { viewAs } from "./views";

/** True for the types whose values float32 and even float64 cannot hold exactly. */
export function needsExactIntegers(dtype: string): boolean {
  return dtype === "I64" || dtype === "U64";
}

/**
 * Decimal text of the 64-bit integers in `source`, for showing them without rounding.
 *
 * @param dtype `I64` or `U64`
 */
export function exactIntegers(dtype: string, source: Uint8Array): string[] {
  const values: BigInt64Array | BigUint64Array = dtype === "I64" ? viewAs(BigInt64Array, source) : viewAs(BigUint64Array, source);
  return Array.from(values, (value) => value.toString());
}
