import { hqqGroupsPlain } from "../../core/quant/hqq";
import type { Workspace } from "./workspace";

/**
 * HQQ over whole groups at `workspace.x`, by the kernel, and by the plain code for those groups whose errors are too large for
 * it.
 *
 * @param errors summed errors before each pass are added to it
 * @param y address for the dequantized values, or 0
 */
export function searchGroups(
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
