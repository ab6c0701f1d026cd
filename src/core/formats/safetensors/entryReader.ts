import { limits } from "../../limits";
import { findDType, storedBytes } from "../../tensor/dtype";
import { countValuesExactly } from "../../tensor/shape";
import { doubtfulDType, type TensorInfo } from "../../tensor/tensorInfo";
import type { JsonScanner } from "../jsonScanner";
import { countBytes, countOf, quoteName, showShape } from "../text";
import type { HeaderReport } from "./headerReport";

const rewriteHint = "The safetensors library refuses this file. Save the checkpoint again from its source.";
const fewerDimensionsHint = `Readers handle up to ${limits.rank} dimensions. Merge some of them, and save the checkpoint again.`;
const shorterNameHint = "Give the tensor a shorter name, and save the checkpoint again.";
const maxDTypeLength = 64;
const recentShapeSlots = 64;

/**
 * Reads the tensor entries of a header: `{"dtype":…,"shape":[…],"data_offsets":[begin,end]}`. Headers have tens of
 * thousands of them, so it keeps its state in fields and makes one object for each tensor.
 */
export class EntryReader {
  private name = "";
  private dtype: string | undefined;
  private shape: readonly number[] | undefined;
  private begin = -1;
  private end = -1;
  private isWrong = false;
  /** The numbers of the array read last; one more than any that is allowed. */
  private readonly counts = new Array<number>(limits.rank + 1).fill(0);
  private countLength = 0;
  private areCounts = true;
  /** Shapes repeat from layer to layer, so tensors share them. */
  private readonly recentShapes = new Array<readonly number[]>(recentShapeSlots).fill([]);
  private readonly unknownTypes = new Set<string>();

  /**
   * @param dataStart byte offset of the byte buffer in the file
   * @param file index into `Checkpoint.files`
   */
  constructor(
    private readonly scanner: JsonScanner,
    private readonly report: HeaderReport,
    private readonly dataStart: number,
    private readonly file: number,
  ) {}

  /**
   * Reads the value of the key `name`. Undefined, with a diagnostic, when it does not describe a tensor. One whose bytes
   * do not fit its type and shape keeps its bytes but loses its type ({@link doubtfulDType}), so that nothing decodes it.
   * @param at place of the key in the text
   */
  read(name: string, at: number): TensorInfo | undefined {
    this.reset(name);
    if (name.length > limits.nameLength) {
      this.refuse("name", at, `at most ${countOf(limits.nameLength)} characters`, `${countOf(name.length)} characters`, shorterNameHint);
    }
    if (this.scanner.kind() !== "object") {
      this.refuse("entry", at, "an object with dtype, shape and data_offsets", this.scanner.skip());
      return undefined;
    }
    this.scanner.object(this.readField);
    const { dtype, shape } = this;
    if (dtype === undefined) this.refuse("dtype", at, "dtype", "nothing");
    else if (shape === undefined) this.refuse("shape", at, "shape", "nothing");
    else if (this.begin < 0) this.refuse("data_offsets", at, "data_offsets", "nothing");
    else if (countValuesExactly(shape) === undefined) this.refuse("shape", at, "a number of values that a file can hold", showShape(shape));
    if (this.isWrong || dtype === undefined || shape === undefined) return undefined;
    const bytes = this.end - this.begin;
    return { name, dtype: this.checkedDType(dtype, shape, bytes, at), shape, file: this.file, offset: this.dataStart + this.begin, bytes };
  }

  private reset(name: string): void {
    this.name = name;
    this.dtype = undefined;
    this.shape = undefined;
    this.begin = -1;
    this.end = -1;
    this.isWrong = false;
  }

  private readonly readField = (key: string, at: number): void => {
    const { scanner } = this;
    const valueAt = scanner.at;
    if (key === "dtype") {
      if (this.dtype !== undefined) this.refuse(key, at, "one dtype", "two");
      if (scanner.kind() !== "string") this.refuse(key, at, "a string", scanner.skip());
      else this.dtype = scanner.string();
      if (this.dtype && this.dtype.length > maxDTypeLength)
        this.refuse(key, at, "the name of a type", `${countOf(this.dtype.length)} characters`);
    } else if (key === "shape") {
      if (this.shape !== undefined) this.refuse(key, at, "one shape", "two");
      const areCounts = this.readCounts();
      if (areCounts && this.countLength <= limits.rank) this.shape = this.sharedShape();
      else {
        const hint = areCounts ? fewerDimensionsHint : rewriteHint;
        this.refuse(key, at, `at most ${limits.rank} whole numbers from 0`, scanner.text.slice(valueAt, scanner.at), hint);
      }
    } else if (key === "data_offsets") {
      if (this.begin >= 0) this.refuse(key, at, "one data_offsets", "two");
      const isPair = this.readCounts() && this.countLength === 2;
      const [begin = 0, end = 0] = this.counts;
      if (isPair && begin <= end && Number.isSafeInteger(this.dataStart + end)) {
        this.begin = begin;
        this.end = end;
      } else this.refuse(key, at, "[begin, end] with begin ≤ end", scanner.text.slice(valueAt, scanner.at));
    } else {
      scanner.skip();
      const message = `${quoteName(this.name)} has a field ${quoteName(key)} that the format does not define`;
      this.report.add("warning", "safetensors.extra-field", message, at, {
        tensor: this.name,
        expected: "dtype, shape and data_offsets",
        found: key.slice(0, 40),
        hint: "Readers may refuse the file. Keep such facts in __metadata__.",
      });
    }
  };

  /** Reads an array into `counts`; false for anything but an array of counts, which is consumed all the same. */
  private readCounts(): boolean {
    this.countLength = 0;
    this.areCounts = this.scanner.kind() === "array";
    if (this.areCounts) this.scanner.array(this.readCount);
    else this.scanner.skip();
    return this.areCounts;
  }

  private readonly readCount = (): void => {
    const count = this.scanner.count();
    if (count === undefined) this.areCounts = false;
    else if (this.countLength <= limits.rank) this.counts[this.countLength++] = count;
  };

  private sharedShape(): readonly number[] {
    const { counts, countLength } = this;
    let slot = countLength;
    for (let index = 0; index < countLength; index++) slot = (slot * 31 + counts[index]!) % recentShapeSlots;
    const recent = this.recentShapes[slot]!;
    if (recent.length === countLength && recent.every((dimension, index) => dimension === counts[index])) return recent;
    return (this.recentShapes[slot] = counts.slice(0, countLength));
  }

  /** The type as `TensorInfo` spells it: known ones only where the bytes fit. ggml's block types are none of this format. */
  private checkedDType(id: string, shape: readonly number[], bytes: number, at: number): string {
    const dtype = findDType(id);
    if (!dtype || dtype.family === "block") {
      if (!this.unknownTypes.has(id)) {
        this.unknownTypes.add(id);
        const message = `The type ${quoteName(id)} is not known; its tensors are listed, but their values cannot be shown`;
        this.report.add("warning", "safetensors.unknown-dtype", message, at, {
          tensor: this.name,
          expected: "a type of the format",
          found: id,
          hint: "The file is newer than this version of Quantscope, or damaged.",
        });
      }
      return dtype ? doubtfulDType(id) : id;
    }
    const expected = storedBytes(dtype, shape);
    if (expected === bytes) return dtype.id;
    const isMisaligned = expected === undefined;
    const code = isMisaligned ? "safetensors.misaligned" : "safetensors.size-mismatch";
    this.report.add("error", code, `The bytes of ${quoteName(this.name)} do not fit its type and shape; its values cannot be shown`, at, {
      tensor: this.name,
      expected: isMisaligned
        ? `values of ${dtype.id} that fill whole bytes`
        : `${countBytes(expected)} for ${dtype.id} ${showShape(shape)}`,
      found: isMisaligned ? `${dtype.id} ${showShape(shape)}` : countBytes(bytes),
      hint: rewriteHint,
    });
    return doubtfulDType(dtype.id);
  }

  /** Reports the first thing that is wrong with the entry. */
  private refuse(field: string, at: number, expected: string, found: string, hint = rewriteHint): void {
    if (this.isWrong) return;
    this.isWrong = true;
    const message = `The header entry of ${quoteName(this.name)} has a wrong or missing ${field}; the tensor is not shown`;
    this.report.add("error", "safetensors.bad-entry", message, at, {
      tensor: this.name.slice(0, limits.nameLength),
      expected,
      found: found.length > 60 ? `${found.slice(0, 57)}…` : found,
      hint,
    });
  }
}
