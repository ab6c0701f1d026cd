/**
 * How a packed weight of `rows` × `columns` (outputs × inputs) comes from its parts: every value is
 * `(level(code) − zero) · scale`, each step rounded to float32. Plain data, so that it can be sent to a worker. Numbers
 * named `part` are indices into the parts of the `PackedRef`.
 */
export interface PackedLayout {
  readonly rows: number;
  readonly columns: number;
  readonly codes: CodeLayout;
  readonly scales: CellLayout;
  /** Absent: zero is 0. */
  readonly zeros?: ZeroLayout;
  /** The level of every code, for code books and small floats; a code is its own level when absent. */
  readonly levels?: readonly number[];
  /** Part with the group of every column (`g_idx`), when groups are not runs of columns. */
  readonly order?: number;
  /** Multiplied to the product, as bitsandbytes does with 1/127. */
  readonly factor?: number;
  /** The type in which the library returns the value, when that is narrower than float32. */
  readonly rounding?: "F16" | "BF16";
}

/** Where the codes are. */
export type CodeLayout =
  /** A little-endian bit stream of 32-bit words along the rows of a part: down its columns, or along its rows. */
  | { readonly form: "stream"; readonly part: number; readonly bits: number; readonly along: "rows" | "columns"; readonly subtract: number }
  /** Words that hold a whole number of codes each, along the rows of a part; a few high bits of every word may be unused. */
  | { readonly form: "words"; readonly part: number; readonly bits: number; readonly subtract: number }
  /** AutoAWQ's order of eight nibbles in a word: one input, eight outputs. */
  | { readonly form: "awq"; readonly part: number }
  /** One byte a code. */
  | { readonly form: "bytes"; readonly part: number; readonly signed: boolean }
  /** Two codes a byte, over the flattened weight. */
  | { readonly form: "nibbles"; readonly part: number; readonly first: "low" | "high" }
  /** HQQ: the grouped matrix cut along its rows, one slice for each field of a word of the part; `shifts` of the slices in order. */
  | {
      readonly form: "slices";
      readonly part: number;
      readonly bits: number;
      readonly shifts: readonly number[];
      readonly groupSize: number;
    };

/** Where one number for every cell of the weight is. */
export type CellLayout =
  /** A matrix of floats, one for each cell of so many rows and columns; `transposed` when its rows are groups of columns. */
  | {
      readonly form: "grid";
      readonly part: number;
      readonly cellRows: number;
      readonly cellColumns: number;
      readonly transposed?: boolean;
      readonly divisor?: number;
      readonly multiplier?: number;
    }
  /** One for each run of the flattened weight. */
  | { readonly form: "runs"; readonly part: number; readonly length: number }
  /** One for each position in runs of the flattened weight: HQQ along its first axis. */
  | { readonly form: "cycle"; readonly part: number; readonly length: number }
  /** One for each run, quantized once more: `map[code] · absmax[run / blockSize] + offset` (bitsandbytes' double quantization). */
  | {
      readonly form: "nested";
      readonly part: number;
      readonly length: number;
      readonly map: readonly number[];
      readonly absmax: number;
      readonly blockSize: number;
      readonly offset: number;
    };

/** Where the zero-points are. */
export type ZeroLayout =
  | CellLayout
  /** The same for every value. */
  | { readonly form: "constant"; readonly value: number }
  /** GPTQ: a bit stream of words along the outputs in each group of inputs; stored one less than they are in its first version. */
  | { readonly form: "gptq"; readonly part: number; readonly bits: number; readonly cellColumns: number; readonly less: 0 | 1 }
  /** AutoAWQ: nibbles in its own order along the outputs in each group of inputs. */
  | { readonly form: "awq"; readonly part: number; readonly cellColumns: number }
  /** compressed-tensors: a bit stream of words down the outputs, one column for each group of inputs. */
  | { readonly form: "stream"; readonly part: number; readonly bits: number; readonly cellColumns: number; readonly subtract: number };
