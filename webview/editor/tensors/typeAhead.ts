import type { DisplayRow } from "./displayRows";

/** Milliseconds after which typing starts a new word. */
const pause = 800;

/** Finds rows by typing: letters that follow each other quickly are one word. */
export class TypeAhead {
  private typed = "";
  private last = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get isTyping(): boolean {
    return this.typed !== "" && this.now() - this.last < pause;
  }

  /** Whether a key is a letter meant for this. */
  takes(event: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): boolean {
    return event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
  }

  /** The next row whose label starts with what was typed, else contains it; a repeated letter goes on to the next one. */
  find(letter: string, rows: readonly DisplayRow[], active: number): number | undefined {
    const repeated = this.isTyping && this.typed === letter;
    this.typed = this.isTyping && !repeated ? this.typed + letter : letter;
    this.last = this.now();
    const word = this.typed.toLowerCase();
    const from = this.typed.length > 1 ? active : active + 1;
    const order = rows.map((_, index) => (from + index) % rows.length);
    const label = (index: number): string => rows[index]!.label.toLowerCase();
    return order.find((index) => label(index).startsWith(word)) ?? order.find((index) => label(index).includes(word));
  }
}
