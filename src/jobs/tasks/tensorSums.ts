/** Sums of a whole tensor, or of a part of it, that schemes need before they quantize any of it; by scheme identifier. */
export type TensorSums = Readonly<Record<string, readonly number[]>>;

/** Sums of two parts of a tensor together. */
export function addedSums(a: TensorSums, b: TensorSums): TensorSums {
  const added = Object.entries(b).map(([id, sums]) => [id, sums.map((sum, i) => sum + (a[id]?.[i] ?? 0))] as const);
  return { ...a, ...Object.fromEntries(added) };
}
