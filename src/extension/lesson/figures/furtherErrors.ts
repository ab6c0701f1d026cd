import type { JobContext } from "../../../jobs/contract";
import type { Engine } from "../../../jobs/engine";
import type { FurtherErrors } from "../../../protocol/lessonFigures";
import { groupErrors, type MeasuredTensor, schemeErrors } from "./schemeErrors";

const codeBits = 4;
/** Weights that share a scale and a zero-point. */
export const groupSizes = [16, 32, 64, 128, 256];
/** From one scale a row to trained ternary models' own types, and the narrowest of the k-quants to compare with. */
const lowBitSchemes = ["binary", "binary-g128", "ternary", "TQ1_0", "TQ2_0", "Q2_K"];

/** What groups and few bits do to a tensor. Schemes that cannot store it are left out. @throws CancelledError */
export async function furtherErrors(engine: Pick<Engine, "errors">, measured: MeasuredTensor, context: JobContext): Promise<FurtherErrors> {
  const groupScheme = (size: number): string => `int${codeBits}-g${size}`;
  const errorOf = await schemeErrors(engine, measured, [...groupSizes.map(groupScheme), ...lowBitSchemes], context);
  return {
    groups: groupErrors(groupSizes, codeBits, groupScheme, errorOf),
    lowBits: lowBitSchemes.flatMap((scheme) => errorOf(scheme) ?? []),
  };
}
