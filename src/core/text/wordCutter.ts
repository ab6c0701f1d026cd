const codePoints = 0x110000;

/**
 * Cuts a text where no token can span: between two characters that stand side by side in no token of the vocabulary. Merging
 * inside the pieces then gives what merging inside the whole text would, and time and memory stay in proportion to the text.
 */
export class WordCutter {
  private readonly neighbours = new Set<number>();

  constructor(vocabulary: Iterable<string>) {
    for (const text of vocabulary) {
      let previous = -1;
      for (const character of text) {
        const point = character.codePointAt(0)!;
        if (previous >= 0) this.neighbours.add(previous * codePoints + point);
        previous = point;
      }
    }
  }

  *words(text: string): Generator<string> {
    let start = 0;
    let previous = -1;
    for (let at = 0; at < text.length;) {
      const point = text.codePointAt(at)!;
      if (previous >= 0 && !this.neighbours.has(previous * codePoints + point)) {
        yield text.slice(start, at);
        start = at;
      }
      previous = point;
      at += point > 0xffff ? 2 : 1;
    }
    if (start < text.length) yield text.slice(start);
  }
}
