import type { BlockParts, SubBlockParts } from "../decode/inspectBlock";
import type { PackedRef } from "../fileRef";
import { countValues, type PackedWeight, type TensorInfo } from "../tensor/tensorInfo";
import type { OpenSource } from "../views/byteSource";
import type { CodeLayout } from "./layout";
import { type PackedElements, PackedReader } from "./packedReader";

/** Values of a longer group, or of a row under one scale, that are shown at once. */
const windowValues = 256;

/** A run of values of a packed weight, taken apart, and the column at which it begins. */
export interface PackedParts extends BlockParts {
  column: number;
}

/**
 * The group of a packed weight that holds a value: its codes, and the scale and zero-point behind each. Of a group of more
 * than 256 values, or of one whose columns lie apart (`g_idx`), the 256 around the value.
 */
export function inspectPacked(ref: PackedRef, weight: PackedWeight, row: number, column: number, open: OpenSource): PackedParts {
  const { layout } = ref;
  const { groupSize } = weight;
  const width = groupSize > 0 && groupSize <= windowValues && layout.order === undefined ? groupSize : windowValues;
  const start = column - (column % width);
  const columns = Math.min(width, layout.columns - start);
  const reader = new PackedReader(ref, open);
  try {
    const rectangle = { row, rows: 1, column: start, columns };
    const values = new Float32Array(columns);
    reader.values(rectangle, values);
    const elements = reader.elements(rectangle);
    const lowest = lowestCode(layout.codes, weight.bits);
    return {
      column: start,
      fields: weight.parts.map(partField),
      formula: formulaOf(ref),
      scalars: layout.factor === undefined ? [] : [{ name: "f", value: layout.factor }],
      subBlocks: runsOf(elements, layout.factor ?? 1),
      minCode: lowest,
      maxCode: lowest + 2 ** weight.bits - 1,
      ...(layout.levels ? { levels: [...layout.levels] } : {}),
      values: [...values],
    };
  } finally {
    reader.close();
  }
}

function lowestCode(codes: CodeLayout, bits: number): number {
  if ("subtract" in codes) return -codes.subtract;
  return codes.form === "bytes" && codes.signed ? -(2 ** (bits - 1)) : 0;
}

function partField({ name, dtype, shape, bytes }: TensorInfo): BlockParts["fields"][number] {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const size = shape.length === 0 ? "a scalar" : shape.join(" × ");
  return { name: last, bytes, detail: `${dtype}, ${size}: ${countValues(shape)} numbers of the whole layer` };
}

function formulaOf({ layout }: PackedRef): string {
  const level = layout.levels ? "level[q]" : "q";
  const scaled = layout.zeros ? `x̂ = s·(${level} − z)` : `x̂ = s·${level}`;
  return layout.factor === undefined ? scaled : `${scaled}·f`;
}

/** Neighbours under the same scale and zero-point. */
function runsOf({ codes, scales, zeros }: PackedElements, factor: number): SubBlockParts[] {
  const runs: SubBlockParts[] = [];
  for (let i = 0; i < codes.length; i++) {
    if (i > 0 && scales[i] === scales[i - 1] && zeros[i] === zeros[i - 1]) {
      const run = runs.at(-1)!;
      run.count++;
      run.codes.push(codes[i]!);
    } else {
      const scale = scales[i]! * factor;
      runs.push({ start: i, count: 1, scale, offset: 0 - scale * zeros[i]!, codes: [codes[i]!] });
    }
  }
  return runs;
}
