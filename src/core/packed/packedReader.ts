import { FormatError } from "../errors";
import { bfloat16ToFloat, floatToBfloat16 } from "../decode/bfloat16";
import { floatToHalf, halfToFloat } from "../decode/half";
import type { PackedRef } from "../fileRef";
import type { OpenSource } from "../views/byteSource";
import { type CellContext, readCells } from "./cells";
import { readCodes } from "./codes";
import { Part, type Rectangle } from "./part";

/** A rectangle of a packed weight, taken apart: one entry a value, row-major. */
export interface PackedElements {
  codes: Int32Array;
  scales: Float32Array;
  zeros: Float32Array;
}

/** Reads packed weights by rectangle: what is stored, and the values it means. */
export class PackedReader {
  private readonly parts: readonly Part[];
  private readonly context: CellContext;
  private codes = new Int32Array(0);
  private scales = new Float32Array(0);
  private zeros = new Float32Array(0);
  private readonly levels: Float32Array | undefined;

  constructor(
    private readonly ref: PackedRef,
    open: OpenSource,
  ) {
    const { order, columns, levels } = ref.layout;
    this.parts = ref.parts.map((part) => new Part(part, open));
    const groups = order === undefined ? undefined : readOrder(this.parts[order]!, columns, groupCount(ref));
    this.context = { parts: this.parts, width: columns, ...(groups ? { groups } : {}) };
    this.levels = levels ? Float32Array.from(levels) : undefined;
  }

  /** Valid until the next call. */
  elements(rectangle: Rectangle): PackedElements {
    const { codes: codeLayout, scales, zeros, columns } = this.ref.layout;
    const count = rectangle.rows * rectangle.columns;
    if (this.codes.length < count) {
      this.codes = new Int32Array(count);
      this.scales = new Float32Array(count);
      this.zeros = new Float32Array(count);
    }
    readCodes(codeLayout, this.parts, rectangle, columns, this.codes);
    readCells(scales, this.context, rectangle, this.scales);
    if (zeros) readCells(zeros, this.context, rectangle, this.zeros);
    return { codes: this.codes.subarray(0, count), scales: this.scales.subarray(0, count), zeros: this.zeros.subarray(0, count) };
  }

  /** Decodes a rectangle to `target`, row-major. */
  values(rectangle: Rectangle, target: Float32Array): void {
    const { codes, scales, zeros } = this.elements(rectangle);
    const { levels } = this;
    const { factor, rounding } = this.ref.layout;
    for (let i = 0; i < codes.length; i++) {
      const level = levels ? levels[codes[i]!]! : codes[i]!;
      target[i] = Math.fround(level - zeros[i]!) * scales[i]!;
    }
    if (factor !== undefined) for (let i = 0; i < codes.length; i++) target[i] = target[i]! * factor;
    if (rounding === "BF16") for (let i = 0; i < codes.length; i++) target[i] = bfloat16ToFloat(floatToBfloat16(target[i]!));
    if (rounding === "F16") for (let i = 0; i < codes.length; i++) target[i] = halfToFloat(floatToHalf(target[i]!));
  }

  close(): void {
    for (const part of this.parts) part.close();
  }
}

/** Groups of columns that there are scales for. */
function groupCount({ layout, parts }: PackedRef): number {
  const { scales } = layout;
  if (scales.form !== "grid") return 0;
  const { rows, columns } = parts[scales.part]!;
  return scales.transposed ? rows : columns;
}

/** @throws FormatError `packed.bad-order` when a column belongs to a group that there is not */
function readOrder(part: Part, columns: number, groups: number): Int32Array {
  const order = new Int32Array(part.run(0, columns).buffer);
  const bad = order.findIndex((group) => group < 0 || group >= groups);
  if (bad < 0) return order;
  throw new FormatError("packed.bad-order", "The order of columns (g_idx) names a group that there is not", {
    offset: part.ref.offset + 4 * bad,
    expected: `a group from 0 to ${groups - 1}`,
    found: `${order[bad]} for column ${bad}`,
    hint: "The file is damaged, or was written with another group size. Download it again.",
  });
}
