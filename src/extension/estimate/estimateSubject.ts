import type * as vscode from "vscode";
import { type ModelShapes, shapesFromCheckpoint } from "../../core/estimate/modelShapes";
import { openCheckpointAt } from "../document/openUri";
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
