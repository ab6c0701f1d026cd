import type * as vscode from "vscode";
import { type ConfiguredModel, shapesFromConfigFile } from "../../core/estimate/configShapes";
import { type ModelShapes, shapesFromCheckpoint } from "../../core/estimate/modelShapes";
import { folderOf, nameOf, openCheckpointAt } from "../document/openUri";
import type { Services } from "../services";

/**
 * The shapes of a checkpoint, for exact sizes. An open document is asked; otherwise only the headers are read.
 * @throws FormatError
 */
export async function shapesAt(services: Services, uri: vscode.Uri): Promise<ModelShapes> {
  const open = services.documents.find(uri);
  if (open) return shapesFromCheckpoint((await open.whenReadable()).checkpoint);
  const checkpoint = await openCheckpointAt(uri);
  try {
    return await shapesFromCheckpoint(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

/** The shapes that the config.json at a URI describes. @throws FormatError, UsageError */
export async function configAt(uri: vscode.Uri): Promise<ConfiguredModel> {
  return shapesFromConfigFile(await folderOf(uri).open(nameOf(uri)), shownName(uri));
}

/** A file with its folder: most are called model.safetensors or config.json. */
export function shownName(uri: vscode.Uri): string {
  return uri.path.split("/").slice(-2).join("/");
}
