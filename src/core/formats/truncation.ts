import { missingBytes } from "../tensor/availability";
import type { TensorInfo } from "../tensor/tensorInfo";
import type { DiagnosticList } from "./diagnosticList";
import { countBytes, countOf, quoteName } from "./text";

const downloadHint = "The download or copy was interrupted, or is still running. Resume it or download the file again.";

/** Reports a file that ends before its tensors do: once for the file, and once for each tensor that is not whole. */
export function reportTruncation(tensors: readonly TensorInfo[], file: { name: string; size: number }, diagnostics: DiagnosticList): void {
  const cut = tensors.filter((tensor) => missingBytes(tensor, file.size) > 0);
  if (cut.length === 0) return;
  const needed = cut.reduce((most, tensor) => Math.max(most, tensor.offset + tensor.bytes), 0);
  const whole = tensors.length - cut.length;
  diagnostics.add(
    "error",
    "file.truncated",
    `${quoteName(file.name)} is cut short by ${countBytes(needed - file.size)}: ${countOf(whole)} of ${countOf(tensors.length)} tensors are whole`,
    {
      file: file.name,
      offset: file.size,
      expected: countBytes(needed),
      found: countBytes(file.size),
      hint: downloadHint,
    },
  );
  for (const [index, tensor] of cut.entries()) {
    if (diagnostics.isFull) {
      diagnostics.skip(cut.length - index);
      return;
    }
    const missing = missingBytes(tensor, file.size);
    diagnostics.add("error", "tensor.truncated", `The file lacks ${countBytes(missing)} of ${quoteName(tensor.name)}`, {
      file: file.name,
      tensor: tensor.name,
      offset: tensor.offset,
      expected: countBytes(tensor.bytes),
      found: countBytes(tensor.bytes - missing),
      hint: downloadHint,
    });
  }
}
