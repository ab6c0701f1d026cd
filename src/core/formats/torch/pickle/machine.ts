import { limits } from "../../../limits";
import { readConstant } from "./constants";
import { PickleCursor, PickleError } from "./cursor";
import { PickleStack } from "./stack";
import {
  globalName,
  itemsOf,
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

/** What a pickle comes to. */
export interface PickleResult {
  /** Undefined when it ends before there is anything. After a failure, what there was of it. */
  readonly value: PickleValue | undefined;
  /** The byte behind it. */
  readonly end: number;
  /** Every global it names, by `module.name`. */
  readonly globals: ReadonlyMap<string, GlobalUse>;
  readonly persistents: readonly PicklePersistent[];
  /** Why it was not followed to its end. */
  readonly failure?: PickleError;
}

/** Follows the pickle that begins at `start`, without running anything. Never throws: see `failure`. */
export function readPickle(bytes: Uint8Array, start = 0): PickleResult {
  return new Machine(bytes, start).run();
}

/**
 * The stack machine of Python's pickle protocols 0 to 5 (pickletools.py), as an interpreter of data: what a real one would
 * import becomes a name, what it would call becomes a record of the call.
 */
class Machine {
  private readonly cursor: PickleCursor;
  private readonly stack = new PickleStack((expected, found) => this.error(expected, found));
  private readonly memo = new Map<number, PickleValue>();
  private readonly globals = new Map<string, GlobalUse>();
  private readonly persistents: PicklePersistent[] = [];
  private objects = 0;
  /** Where the opcode that runs stands. */
  private opcodeAt = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.cursor = new PickleCursor(bytes, start);
  }

  run(): PickleResult {
    let failure: PickleError | undefined;
    try {
      this.runAll();
    } catch (error) {
      if (!(error instanceof PickleError)) throw error;
      failure = error;
    }
    return {
      value: failure ? this.stack.bottom() : this.stack.top(),
      end: this.cursor.at,
      globals: this.globals,
      persistents: this.persistents,
      failure,
    };
  }

  private runAll(): void {
    for (let count = 0; count < limits.pickleOpcodes; count++) {
      this.opcodeAt = this.cursor.at;
      const opcode = this.cursor.u8();
      if (opcode === 0x2e) {
        this.stack.top();
        return;
      }
      this.step(opcode);
    }
    throw this.error(`at most ${limits.pickleOpcodes} opcodes`, "more");
  }

  private step(opcode: number): void {
    const { cursor, stack } = this;
    switch (String.fromCharCode(opcode)) {
      // Framing and marks
      case "\x80":
        this.checkProtocol(cursor.u8());
        return;
      case "\x95":
        cursor.u64();
        return;
      case "(":
        stack.mark();
        return;
      case "0":
        stack.drop();
        return;
      case "1":
        this.stack.popMark();
        return;
      case "2":
        this.stack.push(this.stack.top());
        return;
      default: {
        const constant = readConstant(opcode, cursor);
        if (constant !== undefined) stack.push(constant);
        else this.stepObjects(opcode);
      }
    }
  }

  private stepObjects(opcode: number): void {
    const { cursor } = this;
    switch (String.fromCharCode(opcode)) {
      // Containers
      case "]":
        this.stack.push(this.sequence("list", []));
        return;
      case ")":
        this.stack.push(this.sequence("tuple", []));
        return;
      case "\x8f":
        this.stack.push(this.sequence("set", []));
        return;
      case "}":
        this.stack.push(this.dict());
        return;
      case "l":
        this.stack.push(this.sequence("list", this.stack.popMark()));
        return;
      case "t":
        this.stack.push(this.sequence("tuple", this.stack.popMark()));
        return;
      case "\x91":
        this.stack.push(this.sequence("set", this.stack.popMark()));
        return;
      case "\x85":
      case "\x86":
      case "\x87":
        this.stack.push(this.sequence("tuple", this.stack.popMany(opcode - 0x84)));
        return;
      case "d": {
        const items = this.stack.popMark();
        this.stack.push(this.dict());
        this.setItems(items);
        return;
      }
      case "a":
        this.append([this.stack.pop()]);
        return;
      case "e":
      case "\x90":
        this.append(this.stack.popMark());
        return;
      case "s":
        this.setItems(this.stack.popMany(2));
        return;
      case "u":
        this.setItems(this.stack.popMark());
        return;
      // Memo
      case "q":
        this.memo.set(cursor.u8(), this.stack.top());
        return;
      case "r":
        this.memo.set(cursor.u32(), this.stack.top());
        return;
      case "p":
        this.memo.set(Number(cursor.line()), this.stack.top());
        return;
      case "\x94":
        this.memo.set(this.memo.size, this.stack.top());
        return;
      case "h":
        this.recall(cursor.u8());
        return;
      case "j":
        this.recall(cursor.u32());
        return;
      case "g":
        this.recall(Number(cursor.line()));
        return;
      default:
        this.stepCalls(opcode);
    }
  }

  private stepCalls(opcode: number): void {
    const { cursor } = this;
    switch (String.fromCharCode(opcode)) {
      case "c":
        this.stack.push(this.global(cursor.line(), cursor.line()));
        return;
      case "\x93": {
        const [module, name] = this.stack.popMany(2);
        // Names that are results of calls cannot be known; what they stand for would be imported all the same.
        this.stack.push(this.global(typeof module === "string" ? module : "(computed)", typeof name === "string" ? name : "(computed)"));
        return;
      }
      case "i": {
        const callee = this.global(cursor.line(), cursor.line());
        this.call(callee, this.stack.popMark());
        return;
      }
      case "o": {
        const [callee = null, ...args] = this.stack.popMark();
        this.call(callee, args);
        return;
      }
      case "R":
      case "\x81": {
        const [callee, args] = this.stack.popMany(2);
        this.call(callee!, this.argumentsOf(args!));
        return;
      }
      case "\x92": {
        const [callee, args] = this.stack.popMany(3);
        this.call(callee!, this.argumentsOf(args!));
        return;
      }
      case "b": {
        const state = this.stack.pop();
        const target = objectOf(this.stack.top());
        if (target?.kind === "call") target.state = state;
        return;
      }
      case "Q":
        this.persistent(this.stack.pop());
        return;
      case "P":
        this.persistent(cursor.line());
        return;
      case "\x98":
        return;
      default:
        throw this.error("an opcode of a pickle", `0x${opcode.toString(16).padStart(2, "0")}`);
    }
  }

  private checkProtocol(protocol: number): void {
    if (protocol > 5) throw this.error("protocol 0 to 5", `protocol ${protocol}`);
  }

  private recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.error("a value that was remembered", `number ${index}`);
    this.stack.push(value);
  }

  private count(): void {
    if (++this.objects > limits.pickleObjects) throw this.error(`at most ${limits.pickleObjects} objects`, "more");
  }

  private sequence(kind: PickleSequence["kind"], items: PickleValue[]): PickleSequence {
    this.count();
    return { kind, items };
  }

  private dict(): PickleDict {
    this.count();
    return { kind: "dict", entries: new Map() };
  }

  private append(items: readonly PickleValue[]): void {
    const target = objectOf(this.stack.top());
    let list: PickleValue[];
    if (target?.kind === "list" || target?.kind === "set") list = target.items;
    else if (target?.kind === "call") list = target.items ??= [];
    else throw this.error("a list to append to", "something else");
    for (const item of items) list.push(item);
  }

  private setItems(items: readonly PickleValue[]): void {
    const target = objectOf(this.stack.top());
    if (items.length % 2 !== 0) throw this.error("a value for every key", "a key without");
    let entries: Map<PickleValue, PickleValue>;
    if (target?.kind === "dict") entries = target.entries;
    else if (target?.kind === "call") entries = target.entries ??= new Map();
    else throw this.error("a dictionary to put items into", "something else");
    for (let index = 0; index < items.length; index += 2) entries.set(items[index]!, items[index + 1]!);
  }

  private global(module: string, name: string): PickleGlobal {
    const key = `${module}.${name}`;
    const known = this.globals.get(key);
    if (known) return known.global;
    this.count();
    const global: PickleGlobal = { kind: "global", module, name };
    this.globals.set(key, { global, at: this.opcodeAt, isCalled: false });
    return global;
  }

  private argumentsOf(value: PickleValue): readonly PickleValue[] {
    return itemsOf(value) ?? [value];
  }

  private call(callee: PickleValue, args: readonly PickleValue[]): void {
    this.count();
    const use = this.globals.get(globalName(callee) ?? "");
    if (use) use.isCalled = true;
    const call: PickleCall = { kind: "call", callee, args };
    this.stack.push(call);
  }

  private persistent(id: PickleValue): void {
    this.count();
    const persistent: PicklePersistent = { kind: "persistent", id };
    this.persistents.push(persistent);
    this.stack.push(persistent);
  }

  private error(expected: string, found: string): PickleError {
    return new PickleError(this.opcodeAt, expected, found);
  }
}
