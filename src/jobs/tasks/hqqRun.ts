import { hqqGroupsPlain, hqqIterations, hqqPasses } from "../../core/quant/hqq";
import type { HqqScheme } from "../../core/quant/scheme";
import type { RunContext, SchemeRun } from "./runContext";
import type { TaskEnvironment } from "./slice";
import type { Workspace } from "./workspace";

/**
 * HQQ over whole groups at `workspace.x`, by the kernel, and by the plain code for those groups whose errors are too large for
 * it.
 *
 * @param errors summed errors before each pass are added to it
 * @param y address for the dequantized values, or 0
 */
function searchGroups(
  workspace: Workspace,
  count: number,
  size: number,
  bits: number,
  passes: number,
  errors: Float64Array,
  y: number,
): void {
  const { kernels, x, scratch } = workspace;
  workspace.doubles(scratch, 2 * passes).fill(0);
  for (let done = 0; done < count; done += size) {
    const target = y === 0 ? 0 : y + 4 * done;
    done += kernels.hqqGroups(x + 4 * done, count - done, size, bits, passes, scratch, target);
    if (done >= count) break;
    const values = y === 0 ? undefined : workspace.floats(y + 4 * done, size);
    hqqGroupsPlain(workspace.floats(x + 4 * done, size), size, bits, passes, errors, values);
  }
  workspace.doubles(scratch, passes).forEach((sum, pass) => (errors[pass]! += sum));
}

/** The sums of a chunk that `hqqPasses` needs of the whole tensor. */
export function hqqSums({ blockSize, hqqBits }: HqqScheme, { workspace }: TaskEnvironment, count: number): number[] {
  const sums = new Float64Array(hqqIterations + 1);
  searchGroups(workspace, count, blockSize, hqqBits, hqqIterations, sums, 0);
  sums[hqqIterations] = count;
  return [...sums];
}

/** HQQ on chunks of whole groups. */
export function hqqRun(scheme: HqqScheme, { workspace }: TaskEnvironment, context: RunContext): SchemeRun {
  const { blockSize, hqqBits, optimized } = scheme;
  const sums = context.sums[scheme.id] ?? [];
  const passes = optimized ? hqqPasses(sums, sums[hqqIterations]!) : 0;
  const errors = new Float64Array(hqqIterations);
  return (count, slot, y) => {
    const decoded = y === 0 ? workspace.y : y;
    searchGroups(workspace, count, blockSize, hqqBits, passes, errors, decoded);
    workspace.kernels.errors(workspace.x, decoded, count, workspace.outSlot(slot));
  };
}
