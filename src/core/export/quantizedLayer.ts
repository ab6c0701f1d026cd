/**
 * Rows of a linear layer's weight as integers: value = (code − zero) · scale of the row's group. What any quantizer with
 * scales a group gives to a writer, whole layers or some rows of one.
 */
export interface QuantizedRows {
  /** Outputs at hand. */
  readonly rows: number;
  /** Inputs of the layer. */
  readonly columns: number;
  /** Of a code: 2 to 8. */
  readonly bits: number;
  /** Columns that share a scale; −1 for a whole row. The last group may be short. */
  readonly groupSize: number;
  /** Whether every zero is 2^(bits − 1). */
  readonly symmetric: boolean;
  /** rows × columns, row-major, each 0 to 2^bits − 1; columns in the order of the checkpoint, whatever order they were quantized in. */
  readonly codes: Uint8Array;
  /** rows × groups, row-major: as the codes were made with, before a format rounds them to its own type. */
  readonly scales: Float32Array;
  /** rows × groups, row-major; whole numbers from 0 to 2^bits − 1 for the formats that pack them. */
  readonly zeros: Float32Array;
  /** The group of every column (`g_idx`), where columns were quantized by activation order; absent: column div groupSize. */
  readonly groupIndex?: Int32Array;
}

/** A whole linear layer, quantized. */
export interface QuantizedLayer extends QuantizedRows {
  readonly kind: "layer";
  /** Name of the weight in the checkpoint: `model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string;
}

/** A tensor that is not quantized, but has other values than in the checkpoint: a norm that took over AWQ's scales, a corrected bias. */
export interface ChangedTensor {
  readonly kind: "tensor";
  readonly name: string;
  /** In the order of the checkpoint; the writer rounds them to the type that kept tensors get. */
  readonly values: Float32Array;
}

/**
 * Gives a writer the layers of a checkpoint one after the other, so that one is in memory at a time. Which layers there
 * will be, and in which form, is known before (the writer plans its files to the byte): those that `isLinearWeight` names.
 */
export interface LayerProvider {
  /**
   * Quantizes the next only when asked for it; each layer comes once, in any order, and changed tensors whenever they
   * are known.
   *
   * @param signal aborts with CancelledError
   */
  layers(signal?: AbortSignal): AsyncIterable<QuantizedLayer | ChangedTensor>;
}

/** Groups of a row. */
export function groupsOf(columns: number, groupSize: number): number {
  return groupSize === -1 ? 1 : Math.ceil(columns / groupSize);
}

/** The group of every column, also where columns keep their order. */
export function groupIndexOf({ columns, groupSize, groupIndex }: Pick<QuantizedRows, "columns" | "groupSize" | "groupIndex">): Int32Array {
  return groupIndex ?? Int32Array.from({ length: columns }, (_, column) => (groupSize === -1 ? 0 : Math.floor(column / groupSize)));
}
