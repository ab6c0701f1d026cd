import { UsageError } from "../core/errors";
import { nearestNames } from "../core/quant/editDistance";
import type { Checkpoint } from "../core/tensor/checkpoint";

/** A pattern over whole names: `*` any run of characters, `?` any one, `[abc]` one of some; all else stands for itself. @throws UsageError */
export function globPattern(glob: string): RegExp {
  const source = glob.replace(/\[([^\]]+)\]|[\\^$.|+(){}*?[\]]/g, (match, set: string | undefined) => {
    if (set !== undefined) return `[${set.replace(/^!/, "^").replace(/[\\\]]/g, "\\$&")}]`;
    return match === "*" ? ".*" : match === "?" ? "." : `\\${match}`;
  });
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    throw new UsageError("bad-glob", `"${glob}" is not a pattern of names`, { found: glob });
  }
}

/** Indices of the tensors a pattern names; undefined, for all, without one. @throws UsageError `no-tensor` */
export function matchTensors(checkpoint: Checkpoint, glob: string | undefined): number[] | undefined {
  if (glob === undefined) return undefined;
  const pattern = globPattern(glob);
  const found = checkpoint.tensors.flatMap(({ name }, index) => (pattern.test(name) ? [index] : []));
  if (found.length === 0) throw unknownTensor(checkpoint, glob);
  return found;
}

/** Index of the tensor of that name. @throws UsageError `no-tensor`, naming the nearest */
export function findTensor(checkpoint: Checkpoint, name: string): number {
  const index = checkpoint.tensors.findIndex((tensor) => tensor.name === name);
  if (index < 0) throw unknownTensor(checkpoint, name);
  return index;
}

function unknownTensor(checkpoint: Checkpoint, name: string): UsageError {
  const names = checkpoint.tensors.slice(0, 2000).map((tensor) => tensor.name);
  const nearest = nearestNames(name, names).join(", ");
  const hint = nearest === "" ? undefined : `Did you mean ${nearest}?`;
  return new UsageError("no-tensor", `No tensor of ${checkpoint.name} is called "${name}"`, { found: name, hint });
}
