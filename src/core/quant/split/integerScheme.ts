import type { Reason } from "../../recipe/reasons";
import type { QuantizedRows } from "../../export/quantizedLayer";
import { formName, type IntegerForm } from "./integerForm";
import { type Rounding, roundToNearest } from "./roundToNearest";
import type { ConstantPart, PartRegion, SplitMatrix, SplitPart, SplitScheme } from "./splitScheme";

/** How a format stores integer weights with scales: everything but how they are made. */
export interface IntegerPacking {
  /** Begins the identifiers of its schemes. */
  readonly id: string;
  /** Of its round-to-nearest: that of the tools which write the format. */
  readonly rounding: Rounding;
  refuses(matrix: SplitMatrix, form: IntegerForm): Reason | undefined;
  parts(matrix: SplitMatrix, form: IntegerForm): SplitPart[];
  constants(matrix: SplitMatrix, form: IntegerForm): ConstantPart[];
  /** Rows that must stay together. */
  rowUnit(form: IntegerForm): number;
  regions(matrix: SplitMatrix, form: IntegerForm, row: number, rows: number): PartRegion[];
  pack(rows: QuantizedRows, matrix: SplitMatrix, form: IntegerForm, into: readonly Uint8Array[]): void;
}

/** A packing with a form, as a scheme that rounds to nearest or stores what another quantizer made. */
export function integerScheme(packing: IntegerPacking, form: IntegerForm): SplitScheme {
  return {
    id: `${packing.id}:${formName(form)}`,
    refuses: (matrix) => packing.refuses(matrix, form),
    parts: (matrix) => packing.parts(matrix, form),
    constants: (matrix) => packing.constants(matrix, form),
    unit: ({ columns }) => columns * packing.rowUnit(form),
    regions: (matrix, from, count) => packing.regions(matrix, form, from / matrix.columns, count / matrix.columns),
    quantize: (source, matrix, _sums, into) => packing.pack(roundToNearest(source, matrix, form, packing.rounding), matrix, form, into),
    form,
    pack: (rows, matrix, into) => packing.pack(rows, matrix, form, into),
  };
}
