import { UsageError } from "../../core/errors";
import { limits } from "../../core/limits";
import { findScheme } from "../../core/quant/registry";
import { distributionKinds, type ShapedData } from "../../core/shaped/shapedValues";
import { playgroundMeasures, playgroundMethods, type PlaygroundState } from "../../protocol/playground";
import { calibratedOptions } from "./calibratedForm";

/** What the playground begins with. */
export const usualState: PlaygroundState = {
  data: "tensor",
  tensor: "",
  shaped: { distribution: "normal", freedom: 4, shift: 0, outlierShare: 0, outlierFactor: 10, rows: 256, seed: 1 },
  scheme: "int4-sym-channel",
  method: "rtn",
  model: "7B",
  measure: "sqnr",
  logScale: true,
};

/** Rows that a shaped tensor can have: 65,536 to 4,194,304 values. */
const rowChoices = [64, 256, 1024, 4096] as const;

type Check<T> = (value: unknown) => value is T;

const oneOf =
  <T>(words: readonly T[]): Check<T> =>
  (value): value is T =>
    words.some((word) => word === value);
const numberIn =
  (low: number, high: number): Check<number> =>
  (value): value is number =>
    typeof value === "number" && value >= low && value <= high;
const wholeIn =
  (low: number, high: number): Check<number> =>
  (value): value is number =>
    Number.isSafeInteger(value) && numberIn(low, high)(value);
const textOf =
  (most: number): Check<string> =>
  (value): value is string =>
    typeof value === "string" && value.length <= most;
const flag: Check<boolean> = (value): value is boolean => typeof value === "boolean";

const shapedChecks: { [K in keyof ShapedData]: Check<ShapedData[K]> } = {
  distribution: oneOf(distributionKinds),
  freedom: numberIn(1, 30),
  shift: numberIn(-3, 3),
  outlierShare: numberIn(0, 0.05),
  outlierFactor: numberIn(1, 100),
  rows: oneOf<number>(rowChoices),
  seed: wholeIn(1, 999),
};

const isShaped: Check<ShapedData> = (value): value is ShapedData => typeof value === "object" && value !== null;

const checks: { [K in keyof PlaygroundState]: Check<PlaygroundState[K]> } = {
  data: oneOf(["tensor", "shaped"] as const),
  tensor: textOf(limits.nameLength),
  shaped: isShaped,
  scheme: textOf(64),
  method: oneOf(playgroundMethods),
  model: textOf(32),
  measure: oneOf(playgroundMeasures),
  logScale: flag,
};

/**
 * What is chosen, from a link, a page, or what VS Code kept: everything that is there is checked, what is not there is as usual,
 * and what is not known is left out.
 *
 * @throws UsageError `bad-state` naming the field, also for a method that cannot make the scheme's form; `unknown-type` for a scheme that does not exist
 */
export function playgroundState(value: unknown): PlaygroundState {
  const state = fieldsOf(value, usualState, checks);
  findScheme(state.scheme);
  if (state.method !== "rtn" && !calibratedOptions(state.scheme)) refuse("method", `${state.method} ${state.scheme}`);
  return { ...state, shaped: fieldsOf(state.shaped, usualState.shaped, shapedChecks) };
}

/** The same, where what is wrong is replaced by the usual: for what was kept. */
export function restoredState(value: unknown): PlaygroundState {
  try {
    return playgroundState(value);
  } catch {
    return usualState;
  }
}

function fieldsOf<T extends object>(value: unknown, usual: T, fields: { [K in keyof T]: Check<T[K]> }): T {
  if (value === undefined || value === null) return usual;
  if (typeof value !== "object" || Array.isArray(value))
    throw new UsageError("bad-state", "What the playground is to show must be an object");
  const given = new Map(Object.entries(value));
  const result = { ...usual };
  for (const key of Object.keys(fields) as (keyof T & string)[]) {
    const found: unknown = given.get(key);
    if (found === undefined) continue;
    if (!fields[key](found)) refuse(key, String(found));
    result[key] = found;
  }
  return result;
}

function refuse(key: string, found: string): never {
  throw new UsageError("bad-state", `The playground cannot take this "${key}"`, { found });
}
