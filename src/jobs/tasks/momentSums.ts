import type { MomentSums } from "../../core/measure/moments";
import { outMoments as at } from "../../kernels/layout";
import type { Workspace } from "./workspace";

/** Values at the start of a block from which its mean is estimated. */
const headValues = 1024;

/** Sums over the first `count` values at `address` (`workspace.x` unless given), around a pivot close to their mean. */
export function momentSums(workspace: Workspace, count: number, address = workspace.x): MomentSums {
  const head = rawSums(workspace, Math.min(count, headValues), 0, address);
  // Sums of huge values overflow no float64; a block whose head has no finite value gets any pivot.
  const pivot = head.finite > 0 ? head.s1 / head.finite : 0;
  return rawSums(workspace, count, pivot, address);
}

function rawSums(workspace: Workspace, count: number, pivot: number, address: number): MomentSums {
  const out = workspace.doubles(workspace.moments, at.length).fill(0);
  out[at.min] = Infinity;
  out[at.max] = -Infinity;
  workspace.kernels.moments(address, count, pivot, workspace.moments);
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
}
