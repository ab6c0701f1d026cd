import { listSchemes, requiresImportance } from "../../core/quant/registry";
import { countValues } from "../../core/tensor/tensorInfo";

/** Bits per weight from which a type stores numbers rather than quantizes them. */
const plainBits = 16;

/** The listed types that can be compared on one tensor of this shape without an importance matrix. */
export function comparedTypes(shape: readonly number[]): string[] {
  const values = countValues(shape);
  return listSchemes()
    .filter((scheme) => !requiresImportance(scheme))
    .filter((scheme) => scheme.applicable(shape) === true && (8 * scheme.bytes(shape)) / values < plainBits)
    .map(({ id }) => id);
}
