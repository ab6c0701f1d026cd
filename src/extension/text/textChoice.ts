import { limits } from "../../core/limits";

/** A text to run a model on, and how much of it. */
export interface TextChoice {
  /** Path of a file or a folder; the shipped sample text when absent. */
  text?: string;
  /** The field of JSONL records that has the text. */
  field?: string;
  /** All that the text has when absent. */
  samples?: number;
  /** Tokens of a sample; what the model takes, up to 512, when absent. */
  length?: number;
}

/** What a caller passed to a command in place of answers; undefined without any: menus pass objects of their own. */
export function passedText(argument: unknown): TextChoice | undefined {
  if (typeof argument !== "object" || argument === null || Array.isArray(argument)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(argument));
  const [text, field] = [fields.get("text"), fields.get("field")];
  const number = (name: string): number | undefined => {
    const value = fields.get(name);
    return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= limits.sampleTokens ? value : undefined;
  };
  const [samples, length] = [number("samples"), number("length")];
  if (typeof text !== "string" && samples === undefined && length === undefined) return undefined;
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(typeof field === "string" ? { field } : {}),
    ...(samples === undefined ? {} : { samples }),
    ...(length === undefined ? {} : { length }),
  };
}
