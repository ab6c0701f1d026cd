import { UsageError } from "../errors";
import { type IntegerForm, parseForm } from "../quant/split/integerForm";

/**
 * The form that a type names, such as `int4-sym-g128`.
 *
 * @param refuses why a format cannot hold a form
 * @throws UsageError `unknown-type`, `not-in-format`
 */
export function formOf(
  type: string,
  format: string,
  types: readonly string[],
  refuses: (form: IntegerForm) => string | undefined,
): IntegerForm {
  const form = parseForm(type.toLowerCase());
  if (!form) throw unknownType(type, format, types);
  const reason = refuses(form);
  if (reason === undefined) return form;
  throw new UsageError("not-in-format", `${format} files cannot hold "${type}": ${reason}`, { found: type, expected: types.join(", ") });
}

/** @returns the error for a type that a format does not have */
export function unknownType(type: string, format: string, types: readonly string[]): UsageError {
  return new UsageError("unknown-type", `"${type}" is no type of ${format} checkpoints`, { found: type, expected: types.join(", ") });
}
