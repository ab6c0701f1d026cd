import { limits } from "../limits";
import type { Inapplicable } from "./scheme";

/** Whether rows are short enough to be held whole, as schemes need that store something a row; a longer one stays in 16 bits. */
export function rowsFit(shape: readonly number[]): true | Inapplicable {
  const columns = shape.at(-1) ?? 1;
  if (columns <= limits.rowValues) return true;
  return { reason: `rows of ${columns} values are longer than ${limits.rowValues}`, fallback: "f16" };
}
