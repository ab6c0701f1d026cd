import * as vscode from "vscode";
import { UsageError } from "../../core/errors";
import { limits } from "../../core/limits";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/**
 * *Quantize…*: writes the active checkpoint, or a given one, in other types. Callers may pass what is chosen already: `type`, the
 * names of tensors to `keep` in 8 bits, `format`, `method` with `text`, `field`, `samples` and `length`; with a `target` too, nothing is asked.
 */
export const quantize: Command = {
  id: "quantscope.quantize",
  async run(services, argument, chosen) {
    const uri = await checkpointFile(requireTarget(services, argument));
    if (uri.scheme !== "file") throw new UsageError("not-on-a-disk", vscode.l10n.t("Only checkpoints on a disk can be quantized."));
    const { calibratedMethods, passedText, quantizeCheckpoint, presetOf, typeWords, writeFormats } = (await import("../later")).later;
    const { type, keep, format, method, target } = passedChoices(chosen, writeFormats, calibratedMethods);
    const preset = type === undefined ? undefined : presetOf(type, keep);
    if (type !== undefined && !preset) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No file can be written in {0}. Choose another type.", typeWords(type).name));
    }
    const given = { ...(format ? { format } : {}), ...(method ? { method, text: passedText(chosen) } : {}) };
    await quantizeCheckpoint(services, uri, { ...preset, ...given, ...(target ? { out: target.fsPath } : {}) });
  },
};

/** Arguments come from anywhere: what is not understood is left out. Menus pass lists of selected files here. */
function passedChoices<F extends string, M extends string>(argument: unknown, formats: readonly F[], methods: readonly M[]) {
  const fields = new Map<string, unknown>(typeof argument === "object" && argument !== null ? Object.entries(argument) : []);
  const [type, keep, target] = [fields.get("type"), fields.get("keep"), fields.get("target")];
  return {
    type: typeof type === "string" && type.length <= 64 ? type : undefined,
    keep: Array.isArray(keep) ? keep.slice(0, limits.tensors).filter((name: unknown) => typeof name === "string") : [],
    format: formats.find((format) => format === fields.get("format")),
    method: methods.find((method) => method === fields.get("method")),
    target: target instanceof vscode.Uri && target.scheme === "file" ? target : undefined,
  };
}
