import { ErrorCodes, ResponseError } from "vscode-jsonrpc";

/** What the page sends is checked like anything from outside: a wrong parameter is answered with an error, never used. */

function refuse(message: string): never {
  throw new ResponseError(ErrorCodes.InvalidParams, message);
}

/** The parameters as an object. */
export function record(params: unknown): Record<string, unknown> {
  if (typeof params !== "object" || params === null || Array.isArray(params)) refuse("parameters must be an object");
  return Object.fromEntries(Object.entries(params));
}

/** A whole number, `low` ≤ value ≤ `high`. */
export function integer(params: Record<string, unknown>, name: string, low: number, high: number): number {
  return integerValue(params[name], name, low, high);
}

function integerValue(value: unknown, name: string, low: number, high: number): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < low || value > high) {
    refuse(`${name} must be a whole number from ${low} to ${high}`);
  }
  return value;
}

/** A finite number above 0. */
export function positive(params: Record<string, unknown>, name: string): number {
  const value = params[name];
  if (typeof value !== "number" || !(value > 0 && value < Infinity)) refuse(`${name} must be a number above 0`);
  return value;
}

/** A number, `low` ≤ value ≤ `high`. */
export function numberBetween(params: Record<string, unknown>, name: string, low: number, high: number): number {
  const value = params[name];
  if (typeof value !== "number" || !(value >= low && value <= high)) refuse(`${name} must be a number from ${low} to ${high}`);
  return value;
}

/** Text of at most `limit` characters. */
export function text(params: Record<string, unknown>, name: string, limit: number): string {
  const value = params[name];
  if (typeof value !== "string" || value.length > limit) refuse(`${name} must be text of at most ${limit} characters`);
  return value;
}

/** Text, or undefined where it is absent. */
export function optionalText(params: Record<string, unknown>, name: string, limit: number): string | undefined {
  return params[name] === undefined ? undefined : text(params, name, limit);
}

/** One of the given words. */
export function oneOf<T extends string>(params: Record<string, unknown>, name: string, words: readonly T[]): T {
  const found = words.find((word) => word === params[name]);
  return found ?? refuse(`${name} must be one of ${words.join(", ")}`);
}

/** Distinct whole numbers below `end`, or undefined where they are absent. */
export function optionalIndices(params: Record<string, unknown>, name: string, end: number): number[] | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length > end) refuse(`${name} must be a list of at most ${end} numbers`);
  return [...new Set(value.map((item: unknown) => integerValue(item, name, 0, end - 1)))];
}
