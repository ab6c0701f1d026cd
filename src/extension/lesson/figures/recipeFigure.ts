import { openModel } from "../../../core/convert/openModel";
import type { Folder } from "../../../core/file";
import { fileTypeOf } from "../../../core/recipe/overrides";
import { planGguf } from "../../../core/recipe/preflight";
import type { Reason } from "../../../core/recipe/reasons";
import type { Checkpoint } from "../../../core/tensor/checkpoint";
import { countValues } from "../../../core/tensor/tensorInfo";
import type { RecipeFigure } from "../../../protocol/lessonFigures";

const shownType = "Q4_K_M";

/**
 * What llama-quantize's most used file type makes of a checkpoint: the plan of a real write, put together by type and reason.
 *
 * @throws UsageError, FormatError for models that cannot be written as GGUF
 */
export async function recipeFigure(checkpoint: Checkpoint, folder: Folder, reasonText: (reason: Reason) => string): Promise<RecipeFigure> {
  const { tensors, bitsPerWeight, bytes } = planGguf(await openModel(checkpoint, folder), "model.gguf", {
    fileType: fileTypeOf(shownType),
  });
  const rows = new Map<string, RecipeFigure["rows"][number]>();
  for (const { name, type, reason, shape, bytes } of tensors) {
    const text = reasonText(reason);
    const key = `${type} ${text}`;
    const row = rows.get(key) ?? { type, reason: text, tensors: 0, weights: 0, bytes: 0, example: name };
    rows.set(key, { ...row, tensors: row.tensors + 1, weights: row.weights + countValues(shape), bytes: row.bytes + bytes });
  }
  return { type: shownType, bitsPerWeight, bytes, rows: [...rows.values()].sort((a, b) => b.weights - a.weights) };
}
