import { FormatError } from "../../errors";
import { limits } from "../../limits";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { JsonScanner, JsonSyntaxError } from "../jsonScanner";
import { countOf, decodeUtf8, findInvalidUtf8, hexBytes, quoteName } from "../text";
import { EntryReader } from "./entryReader";
import { HeaderReport, prefixBytes } from "./headerReport";

/** What the header of one file says. */
export interface Header {
  /** Every entry that describes a tensor, in the order they are written in; names can repeat. */
  readonly entries: readonly TensorInfo[];
  /** The entries that count: each name once, the last of those that repeat. */
  readonly tensors: readonly TensorInfo[];
  /** `__metadata__`, in order; values that are not strings as their JSON text. */
  readonly metadata: ReadonlyMap<string, string>;
}

const damagedHint = "The file is damaged. Download or write it again.";
const rewriteHint = "The safetensors library refuses this file. Save the checkpoint again from its source.";

/**
 * Parses the JSON header of a safetensors file (format specification of huggingface/safetensors). Entries that break a
 * rule are left out and reported; the rest are kept.
 * @param bytes the JSON text without the length in front
 * @param index the file's place in `Checkpoint.files`
 * @throws FormatError when the text is not a JSON object in UTF-8
 */
export function parseHeader(bytes: Uint8Array, file: string, index: number, diagnostics: DiagnosticList): Header {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const bad = findInvalidUtf8(bytes);
    throw new FormatError("safetensors.bad-utf8", "The header is not valid UTF-8", {
      file,
      offset: prefixBytes + bad,
      expected: "UTF-8 text",
      found: hexBytes(bytes.subarray(bad), 4),
      hint: damagedHint,
    });
  }
  const report = new HeaderReport(file, bytes, text, diagnostics);
  try {
    return new HeaderParser(text, report, prefixBytes + bytes.length, index).parse();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new FormatError("safetensors.bad-json", "The header is not valid JSON", {
      file,
      offset: report.byteOffset(error.at),
      expected: error.expected,
      found: error.found,
      hint: "The file is damaged or was not written by a safetensors library. Download or write it again.",
    });
  }
}

class HeaderParser {
  private readonly scanner: JsonScanner;
  private readonly entryReader: EntryReader;
  private readonly entries: TensorInfo[] = [];
  private readonly names = new Set<string>();
  private readonly repeated = new Set<string>();
  private readonly metadata = new Map<string, string>();
  private hasMetadata = false;

  constructor(
    private readonly text: string,
    private readonly report: HeaderReport,
    dataStart: number,
    index: number,
  ) {
    this.scanner = new JsonScanner(text);
    this.entryReader = new EntryReader(this.scanner, report, dataStart, index);
  }

  /** @throws JsonSyntaxError, FormatError */
  parse(): Header {
    this.checkStart();
    this.scanner.object((key, at) => (key === "__metadata__" ? this.readMetadata(at) : this.readEntry(key, at)));
    this.checkPadding();
    return { entries: this.entries, tensors: this.lastOfEachName(), metadata: this.metadata };
  }

  private checkStart(): void {
    if (this.text.startsWith("{")) return;
    const kind = this.scanner.kind();
    if (kind !== "object") throw new JsonSyntaxError(this.scanner.at, "an object", kind);
    this.report.add("warning", "safetensors.header-start", 'The header does not start with "{"', 0, {
      expected: '"{"',
      found: JSON.stringify(this.text.slice(0, 1)),
      hint: rewriteHint,
    });
  }

  private checkPadding(): void {
    if (this.scanner.isAtEnd()) return;
    const { at } = this.scanner;
    this.report.add("warning", "safetensors.header-padding", "The header has something other than spaces after its JSON", at, {
      expected: "spaces",
      found: JSON.stringify(this.text.slice(at, at + 16)),
      hint: rewriteHint,
    });
  }

  private readEntry(name: string, at: number): void {
    const seen = this.names.size;
    this.names.add(name);
    if (this.names.size === seen) this.reportRepeated(name, at);
    else if (seen >= limits.tensors) {
      throw new FormatError("safetensors.too-many-tensors", `The header lists more than ${countOf(limits.tensors)} tensors`, {
        file: this.report.file,
        offset: this.report.byteOffset(at),
        expected: `at most ${countOf(limits.tensors)}`,
        found: "more",
        hint: damagedHint,
      });
    }
    const tensor = this.entryReader.read(name, at);
    if (tensor) this.entries.push(tensor);
  }

  private reportRepeated(name: string, at: number): void {
    this.repeated.add(name);
    this.report.add("error", "safetensors.duplicate-name", `The header has ${quoteName(name)} twice; the last one is shown`, at, {
      tensor: name,
      expected: "each name once",
      found: "a second entry",
      hint: "Most readers silently keep the last one. Save the checkpoint again from its source.",
    });
  }

  private lastOfEachName(): readonly TensorInfo[] {
    if (this.repeated.size === 0) return this.entries;
    const last = new Map(this.entries.filter((entry) => this.repeated.has(entry.name)).map((entry) => [entry.name, entry]));
    return this.entries.filter((entry) => (last.get(entry.name) ?? entry) === entry);
  }

  private readMetadata(at: number): void {
    if (this.hasMetadata) this.reportRepeated("__metadata__", at);
    this.hasMetadata = true;
    const { scanner, metadata } = this;
    if (scanner.kind() !== "object") {
      const found = scanner.skip().slice(0, 40);
      this.report.add("warning", "safetensors.bad-metadata", "__metadata__ is not an object", at, {
        expected: "an object of strings",
        found,
        hint: rewriteHint,
      });
      return;
    }
    scanner.object((key, keyAt) => {
      if (metadata.has(key)) {
        this.report.add(
          "warning",
          "safetensors.duplicate-metadata",
          `__metadata__ has ${quoteName(key)} twice; the last one is shown`,
          keyAt,
          {
            expected: "each key once",
            hint: rewriteHint,
          },
        );
      }
      const isString = scanner.kind() === "string";
      const value = isString ? scanner.string() : scanner.skip();
      metadata.set(key, value);
      if (isString) return;
      this.report.add("warning", "safetensors.bad-metadata", `The __metadata__ value of ${quoteName(key)} is not a string`, keyAt, {
        expected: "a string",
        found: value.slice(0, 40),
        hint: rewriteHint,
      });
    });
  }
}
