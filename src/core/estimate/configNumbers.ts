import { UsageError } from "../errors";
import { limits } from "../limits";

/** Whether there are biases: always or never, as the configuration says under a name, or what where it says nothing. */
export type BiasRule = boolean | string | readonly [key: string, otherwise: boolean];

/** A config.json of which every number that is asked for must be a possible one. */
export class ConfigNumbers {
  constructor(readonly record: Readonly<Record<string, unknown>>) {}

  /** A whole number above 0, under the first of the names that has one. @throws UsageError `estimate.config-incomplete` */
  count(...keys: string[]): number {
    const value = this.optional(...keys);
    if (value !== undefined) return value;
    const [key] = keys;
    throw new UsageError("estimate.config-incomplete", `The config.json does not say what ${key} is.`, { found: key });
  }

  /**
   * The same for what may be left out. What is there and cannot be is refused: taken for left out, it would change the answer.
   * @throws UsageError `estimate.config-incomplete`
   */
  optional(...keys: string[]): number | undefined {
    for (const key of keys) {
      const value = this.record[key];
      if (value === undefined || value === null) continue;
      if (typeof value === "number" && Number.isInteger(value) && value > 0 && value < 2 ** 32) return value;
      const found = (JSON.stringify(value) ?? "").slice(0, 40);
      throw new UsageError("estimate.config-incomplete", `${key} is ${found} in the config.json: no whole number above 0.`, { found });
    }
    return undefined;
  }

  /** The same for what may also be 0, which is as if it were left out. @throws UsageError `estimate.config-incomplete` */
  countOrNone(key: string): number | undefined {
    return this.record[key] === 0 ? undefined : this.optional(key);
  }

  flag(key: string): boolean | undefined {
    const value = this.record[key];
    return typeof value === "boolean" ? value : undefined;
  }

  isBiased(rule: BiasRule): boolean {
    if (typeof rule === "boolean") return rule;
    const [key, otherwise] = typeof rule === "string" ? [rule, false] : rule;
    return this.flag(key) ?? otherwise;
  }

  /** What a list of the configuration says of a layer: `layer_types` and its like; undefined where there is no such list. */
  kindOf(key: string, layer: number): string | undefined {
    const kinds: unknown = this.record[key];
    const kind: unknown = Array.isArray(kinds) ? kinds[layer] : undefined;
    return typeof kind === "string" ? kind : undefined;
  }

  /** Whole numbers of a list; empty where there is none. */
  numbers(key: string): readonly number[] {
    const value: unknown = this.record[key];
    return Array.isArray(value) ? value.filter((item): item is number => Number.isInteger(item)) : [];
  }
}

/** @throws UsageError `estimate.out-of-range` where so many layers of so many tensors are more than any checkpoint has */
export function refuseTooMany(layers: number, tensors: number): void {
  if (layers * tensors <= limits.tensors) return;
  throw new UsageError("estimate.out-of-range", `A model of ${layers} layers is not possible.`, { found: String(layers) });
}
