import type { TensorInfo } from "../tensor/tensorInfo";
import type { DiagnosticList } from "./diagnosticList";
import { quoteName } from "./text";

/**
 * Reports a tensor that two files of one checkpoint have.
 *
 * @param code of the finding
 * @param what the files are to the format: `part`, `file`
 * @param names of the files
 * @param tensor the later one
 * @param other the one before
 * @param shown whichever of the two is shown
 */
export function reportDuplicate(
  diagnostics: DiagnosticList,
  code: string,
  what: "part" | "file",
  names: readonly string[],
  { tensor, other, shown }: { tensor: TensorInfo; other: TensorInfo; shown: TensorInfo },
): void {
  const message = `${quoteName(tensor.name)} is in two ${what}s; the one in ${quoteName(names[shown.file]!)} is shown`;
  diagnostics.add("error", code, message, {
    file: names[tensor.file],
    tensor: tensor.name,
    offset: tensor.offset,
    expected: `each name in one ${what}`,
    found: `${names[other.file]} and ${names[tensor.file]}`,
    hint: `The ${what}s are of different versions. Download all of them again.`,
  });
}
