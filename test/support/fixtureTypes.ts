import type { FixtureTensor } from "./fixtureIndex";

/** Our name of an element type that the reference spells in another way, or does not say. */
export function expectedDType({ dtype, meta, layout, compression, shape, nbytes }: FixtureTensor): string {
  if (meta) return `${dtype} (meta)`;
  if (layout?.startsWith("sparse")) return `${dtype} (${layout})`;
  // What h5py compresses with a filter of its own is listed, not read.
  if (compression === "lzf") return `${dtype}?`;
  // NumPy's letter code of extended precision, `f16`, read as if it were a count of bits.
  const values = (shape ?? [0]).reduce((product, count) => product * count, 1);
  return dtype === "F16" && nbytes === 16 * values && values > 0 ? "F128" : dtype;
}
