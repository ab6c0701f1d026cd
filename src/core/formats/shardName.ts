/** What the name of a file says about its place in a set: `model-00002-of-00005.safetensors`. */
export interface ShardNumber {
  /** What the names of all parts start with: `model`. */
  readonly prefix: string;
  /** From 1. */
  readonly number: number;
  readonly count: number;
  /** What they end with: `.safetensors`. */
  readonly suffix: string;
}

/** The place of a file in a set of shards, or undefined when its name says nothing about one. */
export function shardNumber(name: string): ShardNumber | undefined {
  const match = /^(.*)-(\d{5})-of-(\d{5})(\.[^.]+)$/.exec(name);
  if (!match) return undefined;
  const [, prefix = "", number, count, suffix = ""] = match;
  return { prefix, number: Number(number), count: Number(count), suffix };
}

/** The names of all parts of a set, in order. Callers have checked the count against `limits.shards`. */
export function shardNames(part: ShardNumber): string[] {
  const digits = (value: number): string => String(value).padStart(5, "0");
  return Array.from({ length: part.count }, (_, index) => `${part.prefix}-${digits(index + 1)}-of-${digits(part.count)}${part.suffix}`);
}
