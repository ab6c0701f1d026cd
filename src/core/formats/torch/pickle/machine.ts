import { limits } from "../../../limits";
import { readConstant } from "./constants";
import { PickleCursor, PickleError } from "./cursor";
import { PickleStack } from "./stack";
import { type GlobalUse, PickleObjects } from "./objects";
import { itemsOf, objectOf, type PickleGlobal, type PicklePersistent, type PickleValue } from "./values";

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
  private readonly objects = new PickleObjects((expected, found) => this.error(expected, found));
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
      globals: this.objects.globals,
      persistents: this.objects.persistents,
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
        this.stack.push(this.objects.sequence("list", []));
        return;
      case ")":
        this.stack.push(this.objects.sequence("tuple", []));
        return;
      case "\x8f":
        this.stack.push(this.objects.sequence("set", []));
        return;
      case "}":
        this.stack.push(this.objects.dict());
        return;
      case "l":
        this.stack.push(this.objects.sequence("list", this.stack.popMark()));
        return;
      case "t":
        this.stack.push(this.objects.sequence("tuple", this.stack.popMark()));
        return;
      case "\x91":
        this.stack.push(this.objects.sequence("set", this.stack.popMark()));
        return;
      case "\x85":
      case "\x86":
      case "\x87":
        this.stack.push(this.objects.sequence("tuple", this.stack.popMany(opcode - 0x84)));
        return;
      case "d": {
        const items = this.stack.popMark();
        this.stack.push(this.objects.dict());
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

  private append(items: readonly PickleValue[]): void {
    this.objects.append(this.stack.top(), items);
  }

  private setItems(items: readonly PickleValue[]): void {
    this.objects.setItems(this.stack.top(), items);
  }

  private global(module: string, name: string): PickleGlobal {
    return this.objects.global(module, name, this.opcodeAt);
  }

  private call(callee: PickleValue, args: readonly PickleValue[]): void {
    this.stack.push(this.objects.call(callee, args));
  }

  private persistent(id: PickleValue): void {
    this.stack.push(this.objects.persistent(id));
  }

  private argumentsOf(value: PickleValue): readonly PickleValue[] {
    return itemsOf(value) ?? [value];
  }

  private error(expected: string, found: string): PickleError {
    return new PickleError(this.opcodeAt, expected, found);
  }
}
