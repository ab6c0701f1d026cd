/**
 * What a pickle describes, as data: nothing is imported, no constructor runs. Containers can contain themselves and be
 * in many places at once.
 */
export type PickleValue =
  null | boolean | number | bigint | string | Uint8Array | PickleSequence | PickleDict | PickleGlobal | PickleCall | PicklePersistent;

export interface PickleSequence {
  readonly kind: "list" | "tuple" | "set";
  readonly items: PickleValue[];
}

export interface PickleDict {
  readonly kind: "dict";
  /** Keys that are containers are told apart by identity. */
  readonly entries: Map<PickleValue, PickleValue>;
}

/** A class or function by its name. */
export interface PickleGlobal {
  readonly kind: "global";
  readonly module: string;
  readonly name: string;
}

/** What unpickling would call, and what it would do to the result. */
export interface PickleCall {
  readonly kind: "call";
  readonly callee: PickleValue;
  readonly args: readonly PickleValue[];
  /** What would be put into the object as into a dictionary. */
  entries?: Map<PickleValue, PickleValue>;
  /** What would be appended to it. */
  items?: PickleValue[];
  /** Its attributes, or what `__setstate__` would get. */
  state?: PickleValue;
}

/** Something that is kept outside of the pickle, by its identifier. */
export interface PicklePersistent {
  readonly kind: "persistent";
  readonly id: PickleValue;
}

type PickleObject = Extract<PickleValue, { kind: string }>;

/** A value that has a `kind`; undefined for a plain one. */
export function objectOf(value: PickleValue | undefined): PickleObject | undefined {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array) ? value : undefined;
}

/** The items of a tuple or list; undefined for anything else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  const object = objectOf(value);
  return object?.kind === "tuple" || object?.kind === "list" ? object.items : undefined;
}

/** `module.name` of a global; undefined for anything else. */
export function globalName(value: PickleValue | undefined): string | undefined {
  const object = objectOf(value);
  return object?.kind === "global" ? `${object.module}.${object.name}` : undefined;
}
