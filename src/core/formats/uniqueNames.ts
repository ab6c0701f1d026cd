import { FormatError } from "../errors";
import { limits } from "../limits";
import type { DiagnosticList } from "./diagnosticList";
import { countOf, quoteName } from "./text";

/** Names of the tensors of one file, in formats that do not keep them apart: a name that is taken gets a number. */
export class UniqueNames {
  /** How often each name was asked for; names that were given to others count as once. */
  private readonly counts = new Map<string, number>();
  private characters = 0;

  /**
   * @param format the first part of codes of findings
   * @param file its name, for messages
   */
  constructor(
    private readonly format: string,
    private readonly file: string,
    private readonly diagnostics: DiagnosticList,
  ) {}

  /**
   * The name, or one like it that no other tensor has.
   * @param offset where the tensor is described, for messages
   * @throws FormatError `….names-too-long` when all names together are beyond the limit: a file can repeat one without end
   */
  take(name: string, offset: number): string {
    const wanted = name.slice(0, limits.nameLength);
    this.characters += wanted.length;
    if (this.characters > limits.nameCharacters) throw this.tooLong(offset);
    let count = (this.counts.get(wanted) ?? 0) + 1;
    let own = count === 1 ? wanted : `${wanted} (${count})`;
    while (count > 1 && this.counts.has(own)) own = `${wanted} (${++count})`;
    this.counts.set(wanted, count);
    if (count === 1) return own;
    this.counts.set(own, 1);
    this.diagnostics.add(
      "warning",
      `${this.format}.duplicate-name`,
      `${quoteName(this.file)} has ${quoteName(wanted)} more than once; this one is shown as ${quoteName(own)}`,
      {
        file: this.file,
        tensor: own,
        offset,
        expected: "each name once",
        found: "a second tensor",
        hint: "Tell them apart by their places.",
      },
    );
    return own;
  }

  private tooLong(offset: number): FormatError {
    return new FormatError(`${this.format}.names-too-long`, `The names of the tensors in ${quoteName(this.file)} are too long`, {
      file: this.file,
      offset,
      expected: `at most ${countOf(limits.nameCharacters)} characters in all`,
      found: "more",
      hint: "The file is damaged, or made to harm. Download or export it again.",
    });
  }
}
