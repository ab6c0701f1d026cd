import { type ImportanceMatrix, loadImportance } from "../jobs/importanceMatrix";
import { withCheckpoint } from "./session";

/** The importance matrix in a file. @throws UsageError `not-an-imatrix` */
export function readImportance(file: string): Promise<ImportanceMatrix> {
  return withCheckpoint(file, {}, (checkpoint) => loadImportance(checkpoint));
}
