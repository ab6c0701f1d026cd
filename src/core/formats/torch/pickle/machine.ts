import { limits } from "../../../limits";
import { PickleCursor, PickleError } from "./cursor";
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
  private readonly stack: PickleValue[] = [];
  /** Heights of the stack at which marks lie. */
  private readonly marks: number[] = [];
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
    const value = failure ? this.stack[0] : this.stack[this.stack.length - 1];
    return { value, end: this.cursor.at, globals: this.globals, persistents: this.persistents, failure };
  }

  private runAll(): void {
    for (let count = 0; count < limits.pickleOpcodes; count++) {
      this.opcodeAt = this.cursor.at;
      const opcode = this.cursor.u8();
      if (opcode === 0x2e) {
        if (this.stack.length === 0) throw this.error("a value", "an empty stack");
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
        this.marks.push(stack.length);
        return;
      case "0":
        if (this.marks[this.marks.length - 1] === stack.length) this.marks.pop();
        else this.pop();
        return;
      case "1":
        this.popMark();
        return;
      case "2":
        this.push(this.top());
        return;
      // Constants
      case "N":
        this.push(null);
        return;
      case "\x88":
      case "\x89":
        this.push(opcode === 0x88);
        return;
      case "J":
        this.push(cursor.i32());
        return;
      case "K":
        this.push(cursor.u8());
        return;
      case "M":
        this.push(cursor.u16());
        return;
      case "I":
      case "L":
      case "F":
        this.push(this.numberOf(cursor.line()));
        return;
      case "\x8a":
        this.push(cursor.long(cursor.u8()));
        return;
      case "\x8b":
        this.push(cursor.long(cursor.u32()));
        return;
      case "G":
        this.push(cursor.f64());
        return;
      case "S":
      case "V":
        this.push(cursor.line().replace(/^(['"])(.*)\1$/, "$2"));
        return;
      case "X":
      case "T":
        this.push(cursor.text(cursor.u32()));
        return;
      case "U":
      case "\x8c":
        this.push(cursor.text(cursor.u8()));
        return;
      case "\x8d":
        this.push(cursor.text(cursor.u64()));
        return;
      case "C":
        this.push(cursor.take(cursor.u8()));
        return;
      case "B":
        this.push(cursor.take(cursor.u32()));
        return;
      case "\x8e":
      case "\x96":
        this.push(cursor.take(cursor.u64()));
        return;
      default:
        this.stepObjects(opcode);
    }
  }

  private stepObjects(opcode: number): void {
    const { cursor } = this;
    switch (String.fromCharCode(opcode)) {
      // Containers
      case "]":
        this.push(this.sequence("list", []));
        return;
      case ")":
        this.push(this.sequence("tuple", []));
        return;
      case "\x8f":
        this.push(this.sequence("set", []));
        return;
      case "}":
        this.push(this.dict());
        return;
      case "l":
        this.push(this.sequence("list", this.popMark()));
        return;
      case "t":
        this.push(this.sequence("tuple", this.popMark()));
        return;
      case "\x91":
        this.push(this.sequence("set", this.popMark()));
        return;
      case "\x85":
      case "\x86":
      case "\x87":
        this.push(this.sequence("tuple", this.popMany(opcode - 0x84)));
        return;
      case "d": {
        const items = this.popMark();
        this.push(this.dict());
        this.setItems(items);
        return;
      }
      case "a":
        this.append([this.pop()]);
        return;
      case "e":
      case "\x90":
        this.append(this.popMark());
        return;
      case "s":
        this.setItems(this.popMany(2));
        return;
      case "u":
        this.setItems(this.popMark());
        return;
      // Memo
      case "q":
        this.memo.set(cursor.u8(), this.top());
        return;
      case "r":
        this.memo.set(cursor.u32(), this.top());
        return;
      case "p":
        this.memo.set(Number(cursor.line()), this.top());
        return;
      case "\x94":
        this.memo.set(this.memo.size, this.top());
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
        this.push(this.global(cursor.line(), cursor.line()));
        return;
      case "\x93": {
        const [module, name] = this.popMany(2);
        // Names that are results of calls cannot be known; what they stand for would be imported all the same.
        this.push(this.global(typeof module === "string" ? module : "(computed)", typeof name === "string" ? name : "(computed)"));
        return;
      }
      case "i": {
        const callee = this.global(cursor.line(), cursor.line());
        this.call(callee, this.popMark());
        return;
      }
      case "o": {
        const [callee = null, ...args] = this.popMark();
        this.call(callee, args);
        return;
      }
      case "R":
      case "\x81": {
        const [callee, args] = this.popMany(2);
        this.call(callee!, this.argumentsOf(args!));
        return;
      }
      case "\x92": {
        const [callee, args] = this.popMany(3);
        this.call(callee!, this.argumentsOf(args!));
        return;
      }
      case "b": {
        const state = this.pop();
        const target = objectOf(this.top());
        if (target?.kind === "call") target.state = state;
        return;
      }
      case "Q":
        this.persistent(this.pop());
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

  private numberOf(line: string): PickleValue {
    if (line === "00" || line === "01") return line === "01";
    const value = Number(line.replace(/L$/, ""));
    return Number.isNaN(value) && line !== "nan" ? line : value;
  }

  private push(value: PickleValue): void {
    if (this.stack.length >= limits.pickleStack) throw this.error(`at most ${limits.pickleStack} values on the stack`, "more");
    this.stack.push(value);
  }

  private pop(): PickleValue {
    return this.popMany(1)[0]!;
  }

  private popMany(count: number): PickleValue[] {
    if (this.stack.length - (this.marks[this.marks.length - 1] ?? 0) < count) throw this.error(`${count} values on the stack`, "fewer");
    return this.stack.splice(this.stack.length - count, count);
  }

  private top(): PickleValue {
    if (this.stack.length === 0) throw this.error("a value on the stack", "none");
    return this.stack[this.stack.length - 1]!;
  }

  /** Removes the values above the last mark, and the mark. */
  private popMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw this.error("a mark on the stack", "none");
    return this.stack.splice(mark);
  }

  private recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.error("a value that was remembered", `number ${index}`);
    this.push(value);
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
    const target = objectOf(this.top());
    let list: PickleValue[];
    if (target?.kind === "list" || target?.kind === "set") list = target.items;
    else if (target?.kind === "call") list = target.items ??= [];
    else throw this.error("a list to append to", "something else");
    for (const item of items) list.push(item);
  }

  private setItems(items: readonly PickleValue[]): void {
    const target = objectOf(this.top());
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
    this.push(call);
  }

  private persistent(id: PickleValue): void {
    this.count();
    const persistent: PicklePersistent = { kind: "persistent", id };
    this.persistents.push(persistent);
    this.push(persistent);
  }

  private error(expected: string, found: string): PickleError {
    return new PickleError(this.opcodeAt, expected, found);
  }
}
