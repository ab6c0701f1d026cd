import { UsageError } from "../errors";
import type { Folder, RandomAccessFile } from "../file";
import { countOf, quoteName } from "../formats/text";
import { limits } from "../limits";
import { jsonTexts, usualField } from "./jsonLines";
import { countPieces, readPiece } from "./textPieces";

const textName = /\.(txt|text|md|jsonl|ndjson)$/i;
const jsonLinesName = /\.(jsonl|ndjson)$/i;

/** A text, or the next part of a long one. */
export interface TextPart {
  readonly text: string;
  /** Whether it goes on with the text before. */
  readonly continues: boolean;
}

/** Texts that are read as they are needed: one file, or all text files of a folder by their names. */
export class TextSource {
  private constructor(
    private readonly files: readonly RandomAccessFile[],
    private readonly field: string | undefined,
  ) {}

  /**
   * @param name a file of the folder; without one all files of the folder that are called as texts are
   * @param field of the records of JSONL files that holds their text; `text` when absent. With a field, files of any name are JSONL
   * @throws UsageError `no-text`; FormatError when a file cannot be opened
   */
  static async open(folder: Folder, name?: string, field?: string): Promise<TextSource> {
    const names = name === undefined ? (await folder.list()).filter((found) => textName.test(found)).sort() : [name];
    if (names.length === 0 || names.length > limits.textFiles) {
      throw new UsageError("no-text", `The folder ${quoteName(folder.name)} has no texts that can be used`, {
        expected: `1 to ${countOf(limits.textFiles)} files that end in .txt, .md or .jsonl`,
        found: `${countOf(names.length)} such files`,
        hint: "Name a file with text.",
      });
    }
    const files: RandomAccessFile[] = [];
    const source = new TextSource(files, field);
    try {
      for (const file of names) files.push(await folder.open(file));
    } catch (error) {
      await source.close();
      throw error;
    }
    return source;
  }

  /** Names of the files, as shown to users. */
  get names(): string[] {
    return this.files.map(({ name }) => name);
  }

  /** Parts that the files are read in: {@link parts} gives each of them in one piece, or as many as it has records. */
  get pieces(): number {
    return this.files.reduce((sum, file) => sum + countPieces(file), 0);
  }

  /**
   * The texts, in order. At most a few megabytes are held.
   *
   * @param chosen only these of the {@link pieces}, by number
   * @throws FormatError `text.bad-utf8`, `jsonl.bad-line`, `jsonl.no-field`
   */
  async *parts(chosen?: ReadonlySet<number>): AsyncGenerator<TextPart> {
    let first = 0;
    for (const file of this.files) {
      const isJson = this.field !== undefined || jsonLinesName.test(file.name);
      let before = -2;
      for (let index = 0; index < countPieces(file); index++) {
        if (chosen && !chosen.has(first + index)) continue;
        const piece = await readPiece(file, index);
        if (isJson) for (const text of jsonTexts(piece, this.field ?? usualField, file)) yield { text, continues: false };
        else yield { text: piece, continues: before === index - 1 };
        before = index;
      }
      first += countPieces(file);
    }
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close();
  }
}
