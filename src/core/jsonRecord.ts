/** An object of a JSON document, whose fields can be anything. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether a value of a JSON document is an object: neither a list, nor null, nor a plain value. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
