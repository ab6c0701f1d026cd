import { FormatError } from "../errors";
import type { IntegerForm } from "../quant/split/integerForm";
import type { SplitMatrix, SplitScheme } from "../quant/split/splitScheme";
import { groupsOf, type QuantizedLayer } from "./quantizedLayer";

/**
 * Whether a quantized layer is of the form that its scheme stores: a wrong one would be packed into nonsense.
 *
 * @throws FormatError `layers.form`
 */
export function checkLayer(layer: QuantizedLayer, { rows, columns }: SplitMatrix, { form }: SplitScheme): void {
  if (!form) throw badForm(layer, "integers with scales", "a format of another kind");
  const numbers = rows * groupsOf(columns, form.groupSize);
  const wanted = { rows, columns, bits: form.bits, groupSize: form.groupSize, symmetric: form.symmetric };
  for (const [key, value] of Object.entries(wanted)) {
    const found = layer[key as keyof typeof wanted];
    if (found !== value) throw badForm(layer, `${key} ${value}`, String(found));
  }
  if (layer.codes.length !== rows * columns) throw badForm(layer, `${rows * columns} codes`, String(layer.codes.length));
  if (layer.scales.length !== numbers) throw badForm(layer, `${numbers} scales`, String(layer.scales.length));
  if (layer.zeros.length !== numbers) throw badForm(layer, `${numbers} zero-points`, String(layer.zeros.length));
  checkNumbers(layer, form, columns);
}

function checkNumbers(layer: QuantizedLayer, { bits, groupSize, symmetric, ordered }: IntegerForm, columns: number): void {
  const top = 2 ** bits - 1;
  const code = layer.codes.find((value) => value > top);
  if (code !== undefined) throw badForm(layer, `codes up to ${top}`, String(code));
  const middle = 2 ** (bits - 1);
  const fits = (zero: number): boolean => (symmetric ? zero === middle : Number.isInteger(zero) && zero >= 0 && zero <= top);
  const zero = layer.zeros.find((value) => !fits(value));
  if (zero !== undefined) {
    throw badForm(layer, symmetric ? `zero-points of ${middle}` : `zero-points that are whole numbers up to ${top}`, String(zero));
  }
  const { groupIndex } = layer;
  if (!groupIndex) return;
  if (!ordered) throw badForm(layer, "columns in their own order", "groups of another order");
  if (groupIndex.length !== columns) throw badForm(layer, `the groups of ${columns} columns`, String(groupIndex.length));
  const groups = groupsOf(columns, groupSize);
  const outside = groupIndex.find((group) => !(group >= 0 && group < groups));
  if (outside !== undefined) throw badForm(layer, `groups below ${groups}`, String(outside));
}

function badForm({ name }: QuantizedLayer, expected: string, found: string): FormatError {
  return new FormatError("layers.form", `${name} is not quantized as its format stores it`, { tensor: name, expected, found });
}
