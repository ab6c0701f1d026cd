import { UsageError } from "../errors";

/** A config.json of which every number that is asked for must be a possible one. */
export class ConfigNumbers {
  constructor(readonly record: Readonly<Record<string, unknown>>) {}

  /** A whole number above 0. @throws UsageError `estimate.config-incomplete` */
  count(key: string): number {
    const value = this.optional(key);
    if (value !== undefined) return value;
    throw new UsageError("estimate.config-incomplete", `The config.json does not say what ${key} is.`, { found: key });
  }

  /** The same for what may be left out. */
  optional(key: string): number | undefined {
    const value = this.record[key];
    return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 2 ** 32 ? value : undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.record[key];
    return typeof value === "boolean" ? value : undefined;
  }

  /** Whole numbers of a list; empty where there is none. */
  numbers(key: string): readonly number[] {
    const value: unknown = this.record[key];
    return Array.isArray(value) ? value.filter((item): item is number => Number.isInteger(item)) : [];
  }
}
