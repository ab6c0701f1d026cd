import { layerBits, type PlaygroundMethod, type PlaygroundTensor } from "../../src/protocol/playground";
import { type AffineChoice, parseAffine } from "../editor/histogram/affineChoice";
import { t } from "../ui/l10n";

/** A method that needs what enters a layer. */
export type CalibratedMethod = Exclude<PlaygroundMethod, "rtn">;

/** As the methods are called. */
export const methodNames: Readonly<Record<CalibratedMethod, string>> = { gptq: "GPTQ", awq: "AWQ" };

/** Group that both usually have. */
const usualGroup = 128;

/** What decides whether they can be chosen. */
interface CalibratedSubject {
  /** Undefined for shaped values. */
  readonly tensor: PlaygroundTensor | undefined;
  /** Why the model cannot be run. */
  readonly notRun: string | undefined;
}

/** Why the methods cannot be chosen; undefined where they can. */
export function whyNotCalibrated({ tensor, notRun }: CalibratedSubject): string | undefined {
  if (!tensor) return t("GPTQ and AWQ need a layer of a model and what enters it; these values are shaped.");
  if (notRun !== undefined) return t("GPTQ and AWQ need what enters a layer, and the model cannot be run. {0}", notRun);
  if (!tensor.isLinear) return t("GPTQ and AWQ need the weight of a linear layer, which this tensor is not.");
  return undefined;
}

/** Whether a method can make groups of a size of rows of so many columns. */
export function fitsRows(method: CalibratedMethod, group: number, columns: number): boolean {
  const width = Math.min(group, columns);
  return method === "gptq" || (width % 4 === 0 && columns % width === 0);
}

/** What a scheme decides, or what is nearest to that of what the method can make. */
export function calibratedChoice(scheme: string, method: CalibratedMethod, columns: number): AffineChoice {
  const { bits, group, symmetric } = parseAffine(scheme) ?? { bits: 4, group: usualGroup, symmetric: true };
  const offered = layerBits.filter((width) => width <= bits).at(-1) ?? 2;
  const wanted = group === "tensor" ? usualGroup : group;
  const fits = wanted === "channel" || fitsRows(method, wanted, columns);
  return { bits: offered, group: fits ? wanted : "channel", symmetric, range: "minmax" };
}
