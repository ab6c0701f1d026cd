import { limits } from "../../../limits";
import type { PickleError } from "./cursor";
import type { PickleValue } from "./values";

/** The stack of a pickle's machine, and the marks on it. */
export class PickleStack {
  private readonly values: PickleValue[] = [];
  /** Heights at which marks lie. */
  private readonly marks: number[] = [];

  /** @param error makes the error that says what was expected and found where */
  constructor(private readonly error: (expected: string, found: string) => PickleError) {}

  push(value: PickleValue): void {
    if (this.values.length >= limits.pickleStack) throw this.error(`at most ${limits.pickleStack} values on the stack`, "more");
    this.values.push(value);
  }

  pop(): PickleValue {
    return this.popMany(1)[0]!;
  }

  /** Removes the last values, all of which lie above the last mark. */
  popMany(count: number): PickleValue[] {
    if (this.values.length - (this.marks[this.marks.length - 1] ?? 0) < count) throw this.error(`${count} values on the stack`, "fewer");
    return this.values.splice(this.values.length - count, count);
  }

  top(): PickleValue {
    if (this.values.length === 0) throw this.error("a value on the stack", "none");
    return this.values[this.values.length - 1]!;
  }

  /** What was put on it first: what there is of the object when a pickle breaks off. */
  bottom(): PickleValue | undefined {
    return this.values[0];
  }

  mark(): void {
    if (this.marks.length >= limits.pickleStack) throw this.error(`at most ${limits.pickleStack} marks`, "more");
    this.marks.push(this.values.length);
  }

  /** Removes the values above the last mark, and the mark. */
  popMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw this.error("a mark on the stack", "none");
    return this.values.splice(mark);
  }

  /** Removes what was put on it last: a value or a mark. */
  drop(): void {
    if (this.marks[this.marks.length - 1] === this.values.length) this.marks.pop();
    else this.pop();
  }
}
