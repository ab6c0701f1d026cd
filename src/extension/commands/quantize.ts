import * as vscode from "vscode";
import { UsageError } from "../../core/errors";
import { limits } from "../../core/limits";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/**
 * *Quantize…*: writes the active checkpoint, or a given one, in other types. Callers may pass what is chosen already: `type`, the
 * names of tensors to `keep` in 8 bits, `format`; with a `target` too, nothing is asked.
 */
export const quantize: Command = {
  id: "quantscope.quantize",
  async run(services, argument, chosen) {
    const uri = await checkpointFile(requireTarget(services, argument));
    if (uri.scheme !== "file") throw new UsageError("not-on-a-disk", vscode.l10n.t("Only checkpoints on a disk can be quantized."));
    const { quantizeCheckpoint, presetOf, writeFormats } = (await import("../later")).later;
    const { type, keep, format, target } = passedChoices(chosen, writeFormats);
    const preset = type === undefined ? undefined : presetOf(type, keep);
    if (type !== undefined && !preset) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No file can be written in {0}. Choose another type.", type));
    }
    await quantizeCheckpoint(services, uri, { ...preset, ...(format ? { format } : {}), ...(target ? { out: target.fsPath } : {}) });
  },
};

/** Arguments come from anywhere: what is not understood is left out. Menus pass lists of selected files here. */
function passedChoices(argument: unknown, formats: readonly string[]) {
  const fields = new Map<string, unknown>(typeof argument === "object" && argument !== null ? Object.entries(argument) : []);
  const [type, keep, target] = [fields.get("type"), fields.get("keep"), fields.get("target")];
  return {
    type: typeof type === "string" && type.length <= 64 ? type : undefined,
    keep: Array.isArray(keep) ? keep.slice(0, limits.tensors).filter((name: unknown) => typeof name === "string") : [],
    format: formats.find((format) => format === fields.get("format")),
    target: target instanceof vscode.Uri && target.scheme === "file" ? target : undefined,
  };
}
