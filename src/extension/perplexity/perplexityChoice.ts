import { limits } from "../../core/limits";
import type { PerplexityChoice } from "../../protocol/perplexity";
import { passedText } from "../text/textChoice";
import { typeName } from "./measuredTypes";

/** Models of one table, at most: each takes as long as the original. */
const mostModels = 64;

/**
 * What a caller passed in place of answers, or VS Code kept of a page; what is not understood is left out.
 *
 * @returns undefined without types or files
 */
export function passedChoice(argument: unknown): PerplexityChoice | undefined {
  const fields = new Map<string, unknown>(typeof argument === "object" && argument !== null ? Object.entries(argument) : []);
  const texts = (name: string): string[] => {
    const value = fields.get(name);
    return Array.isArray(value) ? value.filter((item: unknown) => typeof item === "string").slice(0, mostModels) : [];
  };
  const types = texts("types").flatMap((type) => knownType(type));
  const files = texts("files").filter((uri) => uri.length <= limits.nameLength && /^[a-z][\w+.-]*:/i.test(uri));
  if (types.length + files.length === 0) return undefined;
  return { ...passedText(argument), types: [...new Set(types)], files: [...new Set(files)] };
}

function knownType(type: string): string[] {
  try {
    return [typeName(type.slice(0, 64))];
  } catch {
    return [];
  }
}
