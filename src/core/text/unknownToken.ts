import { UsageError } from "../errors";

/** A number that stands for no token. */
export function unknownToken(id: number, vocabularySize: number): UsageError {
  return new UsageError("unknown-token", `There is no token ${id}`, {
    expected: `a number from 0 to ${vocabularySize - 1} of the vocabulary`,
    found: String(id),
  });
}
