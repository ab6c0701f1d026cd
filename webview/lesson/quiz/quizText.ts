/** What an answer says, and why it is right or wrong. */
export interface OptionText {
  /** Absent where the answer is a number. */
  text?(): string;
  why(given: string[]): string;
}

/** The words of a quick check. `given` are the numbers of its problem, as they are shown. */
export interface QuizText {
  question(given: string[]): string;
  /** After each answer that is a number. */
  unit?: string;
  /** By identifier of the option. */
  options: Readonly<Record<string, OptionText>>;
}
