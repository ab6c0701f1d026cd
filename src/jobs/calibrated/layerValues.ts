import { decodeBlocks } from "../../core/decode/ggml/decodeBlocks";
import { findBlockFormat } from "../../core/decode/ggml/formats";
import type { LayerTarget } from "../../core/gptq/layerTarget";
import type { FinishedLayer } from "./layerFile";

/** The parts of a layer of integers, as arrays of what they are. */
export interface IntegerParts {
  readonly codes: Uint8Array;
  readonly scales: Float32Array;
  readonly zeros: Uint8Array;
  /** Group of each column. */
  readonly groups: Int32Array;
}

/** Views of what a finished layer stores: copies where its bytes may not be aligned. */
export function integerParts({ parts }: Pick<FinishedLayer, "parts">): IntegerParts {
  return {
    codes: parts.codes!,
    scales: new Float32Array(parts.scales!.slice().buffer),
    zeros: parts.zeros!,
    groups: new Int32Array(parts.groups!.slice().buffer),
  };
}

/** Float32 values of a quantized layer, row by row, in memory that threads can share. */
export function layerValues(layer: Pick<FinishedLayer, "rows" | "columns" | "parts">, target: LayerTarget): SharedArrayBuffer {
  const { rows, columns, parts } = layer;
  const shared = new SharedArrayBuffer(4 * rows * columns);
  const values = new Float32Array(shared);
  if (target.kind === "blocks") {
    decodeBlocks(findBlockFormat(target.type)!, parts.blocks!, values);
    return shared;
  }
  const { codes, scales, zeros, groups } = integerParts(layer);
  const groupCount = scales.length / rows;
  for (let i = 0; i < values.length; i++) {
    const group = Math.floor(i / columns) * groupCount + groups[i % columns]!;
    values[i] = scales[group]! * (codes[i]! - zeros[group]!);
  }
  return shared;
}
