import { readFile, stat } from "node:fs/promises";
import { FormatError } from "../core/errors";
import { explainNodeError } from "../io/nodeErrors";
import { mergeErrorsParts, mergeStatsParts } from "../jobs/mergeParts";
import { parsePart } from "../jobs/parsePart";
import type { ErrorsPart, StatsPart } from "../jobs/partReport";
import { printErrors } from "./errorsCommand";
import type { CommandOptions } from "./session";
import { printStats } from "./statsCommand";

/** Bytes of one file; the states of a hundred thousand tensors stay below. */
const largestPart = 512 * 2 ** 20;

/** `merge`: the whole report from the output of all parts. */
export async function merge(files: readonly string[], { json }: CommandOptions): Promise<void> {
  const parts: (StatsPart | ErrorsPart)[] = [];
  for (const file of files) parts.push(await readPart(file));
  const ofStats = parts.filter((part): part is StatsPart => part.kind === "stats");
  const ofErrors = parts.filter((part): part is ErrorsPart => part.kind === "errors");
  if (ofErrors.length === 0) return printStats(mergeStatsParts(ofStats), json);
  if (ofStats.length === 0) return printErrors(mergeErrorsParts(ofErrors), json);
  throw new FormatError("bad-parts", "Some of the files are parts of `stats`, some of `errors`");
}

async function readPart(file: string): Promise<StatsPart | ErrorsPart> {
  try {
    const { size } = await stat(file);
    if (size > largestPart)
      throw new FormatError("bad-part", `"${file}" is too large for the output of --part`, { file, found: `${size} bytes` });
    return parsePart(await readFile(file, "utf8"), file);
  } catch (error) {
    throw explainNodeError(error, file);
  }
}
