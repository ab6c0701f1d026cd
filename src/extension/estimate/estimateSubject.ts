import type * as vscode from "vscode";
import { FormatError } from "../../core/errors";
import { type ModelShapes, shapesFromCheckpoint } from "../../core/estimate/modelShapes";
import { openCheckpointAt } from "../document/openUri";
import type { Services } from "../services";

/**
 * The shapes of a checkpoint, for exact sizes. An open document is asked; otherwise only the headers are read.
 * @throws FormatError
 */
export async function shapesAt(services: Services, uri: vscode.Uri): Promise<ModelShapes> {
  const open = services.documents.find(uri);
  if (open) {
    const content = await open.whenRead();
    if (content.kind === "failed") throw new FormatError(content.diagnostic.code, content.diagnostic.message, content.diagnostic);
    return shapesFromCheckpoint(content.checkpoint);
  }
  const checkpoint = await openCheckpointAt(uri);
  try {
    return await shapesFromCheckpoint(checkpoint);
  } finally {
    await checkpoint.close();
  }
}
