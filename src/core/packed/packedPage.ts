import type { PackedRef } from "../fileRef";
import type { OpenSource } from "../views/byteSource";
import { PackedReader } from "./packedReader";
import type { Rectangle } from "./part";

/** A rectangle of a packed weight: the values, and the integer code behind each. Both row-major. */
export interface PackedPage {
  values: Float32Array;
  codes: Int32Array;
}

/** Reads a rectangle that lies within the weight. Nothing stays open behind it. @throws FormatError */
export function readPackedPage(ref: PackedRef, rectangle: Rectangle, open: OpenSource): PackedPage {
  const reader = new PackedReader(ref, open);
  try {
    const values = new Float32Array(rectangle.rows * rectangle.columns);
    reader.values(rectangle, values);
    return { values, codes: reader.elements(rectangle).codes };
  } finally {
    reader.close();
  }
}
