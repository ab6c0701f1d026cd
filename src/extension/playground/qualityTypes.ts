import type { ErrorFigures } from "../../core/measure/reports";
import { findScheme } from "../../core/quant/registry";
import type { QualityCurve, QualityPoint, QualityReport } from "../../protocol/playground";

/** Widths that the curves go through: each where methods differ most, fewer where all are good. */
const widths = [2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32] as const;

/** Group of the curves while what is chosen has none. */
const usualGroup = 128;

/** Types of fixed width that stand beside the curves: those that people choose between. */
const fixedTypes = [
  ...["TQ2_0", "Q2_K", "Q3_K", "Q4_0", "Q4_K", "IQ4_XS", "Q5_K", "Q6_K", "Q8_0", "MXFP4", "NVFP4"],
  ...["nf4", "fp4", "fp8-e4m3", "mxfp6-e2m3", "mxfp8-e4m3", "ternary"],
];

interface Curve extends Omit<QualityCurve, "points"> {
  types: { bits: number; id: string }[];
}

/** The methods that are compared on values of a shape. */
export interface QualityTypes {
  curves: Curve[];
  fixed: string[];
  /** All of them, each once. */
  ids: string[];
}

/** @param scheme what is chosen: the curves in groups have its group */
export function qualityTypes(scheme: string, shape: readonly number[]): QualityTypes {
  const chosen = findScheme(scheme);
  const group = /-g\d+/.test(chosen.id) && chosen.family === "affine" ? chosen.blockSize : usualGroup;
  const curves = (["tensor", "channel", "group"] as const).flatMap((granularity) =>
    [false, true].map((symmetric): Curve => {
      const where = granularity === "tensor" ? "" : granularity === "channel" ? "-channel" : `-g${group}`;
      const types = widths.map((bits) => ({ bits, id: `int${bits}${symmetric ? "-sym" : ""}${where}` }));
      return { granularity, symmetric, group, types };
    }),
  );
  const fixed = fixedTypes.filter((id) => findScheme(id).applicable(shape) === true);
  return { curves, fixed, ids: [...curves.flatMap(({ types }) => types.map(({ id }) => id)), ...fixed] };
}

/** Curves of what was measured; types that were not are left out. */
export function qualityReport(types: QualityTypes, figures: Readonly<Record<string, ErrorFigures>>, share: number): QualityReport {
  const point = (id: string, bits?: number): QualityPoint[] => {
    const found = figures[id];
    return found
      ? [{ scheme: id, ...(bits === undefined ? {} : { bits }), label: findScheme(id).label.split(" · ")[0]!, figures: found }]
      : [];
  };
  return {
    curves: types.curves.map(({ types: along, ...curve }) => ({ ...curve, points: along.flatMap(({ id, bits }) => point(id, bits)) })),
    types: types.fixed.flatMap((id) => point(id)),
    share,
  };
}
