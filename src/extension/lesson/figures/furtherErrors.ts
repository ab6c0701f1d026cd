import { findScheme } from "../../../core/quant/registry";
import type { Checkpoint } from "../../../core/tensor/checkpoint";
import type { JobContext } from "../../../jobs/contract";
import type { Engine } from "../../../jobs/engine";
import type { FurtherErrors, SchemeError } from "../../../protocol/lessonFigures";

const codeBits = 4;
/** Weights that share a scale and a zero-point. */
const groupSizes = [16, 32, 64, 128, 256];
/** From one scale a row to trained ternary models' own types, and the narrowest of the k-quants to compare with. */
const lowBitSchemes = ["binary", "binary-g128", "ternary", "TQ1_0", "TQ2_0", "Q2_K"];

/** What groups and few bits do to a tensor. Schemes that cannot store it are left out. @throws CancelledError */
export async function furtherErrors(
  engine: Pick<Engine, "errors">,
  checkpoint: Checkpoint,
  tensor: number,
  context: JobContext,
): Promise<FurtherErrors> {
  const types = [...groupSizes.map(groupScheme), ...lowBitSchemes].map((id) => findScheme(id).id);
  const { tensors } = await engine.errors({ checkpoint, tensors: [tensor], types }, context);
  const found = tensors[0]?.types ?? {};
  const errorOf = (id: string): SchemeError | undefined => {
    const scheme = findScheme(id);
    const figures = found[scheme.id];
    if (!figures || figures.fallback !== undefined) return undefined;
    const { bitsPerWeight, relativeRmse, sqnrDb, within5 } = figures;
    return { scheme: scheme.id, label: scheme.label, bitsPerWeight, relativeRmse, sqnrDb, within5 };
  };
  return {
    groups: groupSizes.flatMap((size) => {
      const error = errorOf(groupScheme(size));
      return error ? [{ size, overhead: error.bitsPerWeight - codeBits, ...error }] : [];
    }),
    lowBits: lowBitSchemes.flatMap((id) => errorOf(id) ?? []),
  };
}

function groupScheme(size: number): string {
  return `int${codeBits}-g${size}`;
}
