import type { JobContext } from "../../../jobs/contract";
import type { Engine } from "../../../jobs/engine";
import type { RangeErrors } from "../../../protocol/lessonFigures";
import { groupSizes } from "./furtherErrors";
import { groupErrors, type MeasuredTensor, schemeErrors } from "./schemeErrors";

/** Ways to choose one range for a tensor, by the end of a scheme's name. */
const methods = ["minmax", "p99.9", "mse", "kl"];

/**
 * What a range for each group, row or tensor does, and how the last is chosen. Schemes that cannot store the tensor are left out.
 *
 * @throws CancelledError
 */
export async function rangeErrors(
  engine: Pick<Engine, "errors">,
  measured: MeasuredTensor,
  { bits, symmetric }: { bits: number; symmetric: boolean },
  context: JobContext,
): Promise<RangeErrors> {
  const codes = `int${bits}-${symmetric ? "sym" : "asym"}`;
  const groupScheme = (size: number): string => `${codes}-g${size}`;
  const methodScheme = (method: string): string => `${codes}-tensor-${method}`;
  const channel = `${codes}-channel`;
  const schemes = [...groupSizes.map(groupScheme), channel, ...methods.map(methodScheme)];
  const errorOf = await schemeErrors(engine, measured, schemes, context);
  return {
    bits,
    symmetric,
    groups: groupErrors(groupSizes, bits, groupScheme, errorOf),
    channel: errorOf(channel),
    methods: methods.flatMap((method) => {
      const error = errorOf(methodScheme(method));
      return error ? [{ method, ...error }] : [];
    }),
  };
}
