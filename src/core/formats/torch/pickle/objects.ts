import { limits } from "../../../limits";
import type { PickleError } from "./cursor";
import {
  globalName,
  objectOf,
  type PickleCall,
  type PickleDict,
  type PickleGlobal,
  type PicklePersistent,
  type PickleSequence,
  type PickleValue,
} from "./values";

/** A global that a pickle names. */
export interface GlobalUse {
  readonly global: PickleGlobal;
  /** Byte at which it is named first. */
  readonly at: number;
  /** Whether it would be called, and not only imported. */
  isCalled: boolean;
}

/** Makes the objects of a pickle, and keeps a record of what it names and would call. How many there may be is limited. */
export class PickleObjects {
  readonly globals = new Map<string, GlobalUse>();
  readonly persistents: PicklePersistent[] = [];
  private objects = 0;

  /** @param error the error of the opcode that runs, at its place */
  constructor(private readonly error: (expected: string, found: string) => PickleError) {}

  sequence(kind: PickleSequence["kind"], items: PickleValue[]): PickleSequence {
    this.count();
    return { kind, items };
  }

  dict(): PickleDict {
    this.count();
    return { kind: "dict", entries: new Map() };
  }

  /** @param at byte at which it is named */
  global(module: string, name: string, at: number): PickleGlobal {
    const key = `${module}.${name}`;
    const known = this.globals.get(key);
    if (known) return known.global;
    this.count();
    const global: PickleGlobal = { kind: "global", module, name };
    this.globals.set(key, { global, at, isCalled: false });
    return global;
  }

  call(callee: PickleValue, args: readonly PickleValue[]): PickleCall {
    this.count();
    const use = this.globals.get(globalName(callee) ?? "");
    if (use) use.isCalled = true;
    return { kind: "call", callee, args };
  }

  persistent(id: PickleValue): PicklePersistent {
    this.count();
    const persistent: PicklePersistent = { kind: "persistent", id };
    this.persistents.push(persistent);
    return persistent;
  }

  /** Puts items into a list, a set, or what a call would have returned. */
  append(value: PickleValue, items: readonly PickleValue[]): void {
    const target = objectOf(value);
    let list: PickleValue[];
    if (target?.kind === "list" || target?.kind === "set") list = target.items;
    else if (target?.kind === "call") list = target.items ??= [];
    else throw this.error("a list to append to", "something else");
    for (const item of items) list.push(item);
  }

  /** Puts keys and values, one after the other, into a dictionary, or what a call would have returned. */
  setItems(value: PickleValue, items: readonly PickleValue[]): void {
    const target = objectOf(value);
    if (items.length % 2 !== 0) throw this.error("a value for every key", "a key without");
    let entries: Map<PickleValue, PickleValue>;
    if (target?.kind === "dict") entries = target.entries;
    else if (target?.kind === "call") entries = target.entries ??= new Map();
    else throw this.error("a dictionary to put items into", "something else");
    for (let index = 0; index < items.length; index += 2) entries.set(items[index]!, items[index + 1]!);
  }

  private count(): void {
    if (++this.objects > limits.pickleObjects) throw this.error(`at most ${limits.pickleObjects} objects`, "more");
  }
}
