import type { MomentSums } from "../../core/measure/moments";
import { outMoments as at } from "../../kernels/layout";
import { moments } from "../../kernels/plain/moments";
import type { Workspace } from "./workspace";

/** Values at the start of a block from which its mean is estimated. */
const headValues = 1024;

/** Sums over the first `count` float32 values at `address` (`workspace.x` unless given), around a pivot close to their mean. */
export function momentSums(workspace: Workspace, count: number, address = workspace.x): MomentSums {
  const out = workspace.doubles(workspace.moments, at.length);
  return sumsAroundMean(count, out, (values, pivot) => workspace.kernels.moments(address, values, pivot, workspace.moments));
}

/** The same of the values at `workspace.x`, counting their patterns in `workspace.counts` on the way. */
export function scanSums(workspace: Workspace, count: number): MomentSums {
  const { kernels, x, moments: address, counts, scratch } = workspace;
  return sumsAroundMean(
    count,
    workspace.doubles(address, at.length),
    (values, pivot) => kernels.moments(x, values, pivot, address),
    (values, pivot) => kernels.scanF32(x, values, pivot, address, counts, scratch),
  );
}

/** The same of float64 values. */
export function doubleSums(values: Float64Array): MomentSums {
  const out = new Float64Array(at.length);
  return sumsAroundMean(values.length, out, (count, pivot) => moments(values.subarray(0, count), pivot, out));
}

type AddSums = (count: number, pivot: number) => void;

/**
 * @param add adds the sums over the first `count` values around a pivot to `out`
 * @param addAll the same, called once and for all values
 */
function sumsAroundMean(count: number, out: Float64Array, add: AddSums, addAll = add): MomentSums {
  const sumsOf = (values: number, pivot: number, sum: AddSums): MomentSums => {
    out.fill(0);
    out[at.min] = Infinity;
    out[at.max] = -Infinity;
    sum(values, pivot);
    return {
      finite: out[at.finite]!,
      nan: out[at.nan]!,
      inf: out[at.inf]!,
      zero: out[at.zero]!,
      min: out[at.min]!,
      max: out[at.max]!,
      pivot,
      s1: out[at.s1]!,
      s2: out[at.s2]!,
      s3: out[at.s3]!,
      s4: out[at.s4]!,
    };
  };
  const head = sumsOf(Math.min(count, headValues), 0, add);
  // A block whose head has no finite value, or whose sum overflows, gets any pivot.
  const pivot = head.finite > 0 && Number.isFinite(head.s1) ? head.s1 / head.finite : 0;
  return sumsOf(count, pivot, addAll);
}
