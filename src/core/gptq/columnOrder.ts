import { groupWidth, type GptqOptions } from "./options";

/**
 * The columns in the order in which they are quantized.
 *
 * @param diagonal of the Hessian, by column
 */
export function columnOrder(diagonal: ArrayLike<number>, options: Pick<GptqOptions, "order" | "groupSize">): Int32Array {
  const columns = Int32Array.from({ length: diagonal.length }, (_, column) => column);
  const descending = (a: number, b: number): number => diagonal[b]! - diagonal[a]! || a - b;
  if (options.order === "stored") return columns;
  if (options.order === "activation") return columns.sort(descending);
  const width = groupWidth(options, columns.length);
  const groups: Int32Array[] = [];
  for (let start = 0; start < columns.length; start += width) groups.push(columns.slice(start, start + width).sort(descending));
  // A last group that is not full stays last: elsewhere it would move the bounds of all others.
  const full = groups.filter(({ length }) => length === width).sort((a, b) => diagonal[b[0]!]! - diagonal[a[0]!]! || a[0]! - b[0]!);
  const rest = groups.filter(({ length }) => length < width);
  return Int32Array.from([...full, ...rest].flatMap((group) => [...group]));
}
