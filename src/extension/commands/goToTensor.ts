import * as vscode from "vscode";
import { UsageError } from "../../core/errors";
import type { TensorRow } from "../../protocol/editor";
import type { NumberText } from "../numberText";
import type { Command } from "./command";
import { passedUri, requireTarget } from "./target";

interface TensorItem extends vscode.QuickPickItem {
  tensor: number;
}

/** *Go to Tensor*: finds a tensor of the active checkpoint by name and selects it in the editor. */
export const goToTensor: Command = {
  id: "quantscope.goToTensor",
  async run(services, argument, name) {
    const uri = requireTarget(services, argument);
    const editor = passedUri(argument) ? services.editors.of(uri)[0] : services.editors.active;
    const content = services.documents.find(uri)?.content;
    if (!editor || content?.kind !== "ready") throw new UsageError("no-checkpoint", vscode.l10n.t("No checkpoint is open."));
    const { tensors } = content.snapshot;
    const tensor = typeof name === "string" ? tensors.findIndex((row) => row.name === name) : await pick(tensors, services.numbers);
    if (tensor !== undefined && tensor >= 0) editor.reveal({ tensor });
  },
};

async function pick(tensors: readonly TensorRow[], numbers: NumberText): Promise<number | undefined> {
  const items = tensors.map(({ name, dtype, shape, parameters }, tensor): TensorItem => ({
    label: name,
    description: `${shape.join(" × ")} · ${dtype} · ${vscode.l10n.t("{0} weights", numbers.count(parameters))}`,
    tensor,
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Name of a tensor") });
  return chosen?.tensor;
}
