import { UsageError } from "../errors";

/** Bits of a code in the integers that GPTQ files store. */
export const gptqBits = [2, 3, 4, 8] as const;
export type GptqBits = (typeof gptqBits)[number];

/**
 * In which order columns are quantized: as stored; by their inputs' mean square, largest first ("act-order"); or so inside of
 * each group, and groups by their largest ("group-aware reordering" of GPTQModel), which leaves groups where they are.
 */
export const gptqOrders = ["stored", "activation", "group-aware"] as const;
export type GptqOrder = (typeof gptqOrders)[number];

/** How a layer is quantized. */
export interface GptqOptions {
  readonly bits: GptqBits;
  /** Columns that share a scale and a zero-point; −1: the whole row. */
  readonly groupSize: number;
  readonly symmetric: boolean;
  readonly order: GptqOrder;
  /** Grids of all groups from the weights as they are, before any of them is moved; groups of columns as stored. */
  readonly staticGroups: boolean;
  /** Part of the Hessian's mean diagonal that is added to its diagonal. */
  readonly damping: number;
  /** Searches each range for the least Σ|error| to this power; 0: ranges from the least to the greatest weight. The classic exponent is 2.4. */
  readonly rangeExponent: number;
}

/** GPTQModel's, but for the damping, which is AutoGPTQ's. */
export const defaultGptqOptions: GptqOptions = {
  bits: 4,
  groupSize: 128,
  symmetric: true,
  order: "group-aware",
  staticGroups: false,
  damping: 0.01,
  rangeExponent: 0,
};

/** Columns of a group of a layer with rows of `columns`. */
export function groupWidth({ groupSize }: Pick<GptqOptions, "groupSize">, columns: number): number {
  return groupSize === -1 ? columns : Math.min(groupSize, columns);
}

/** @throws UsageError `bad-gptq-option` */
export function checkGptqOptions({ bits, groupSize, damping, rangeExponent }: GptqOptions): void {
  const refuse = (what: string, expected: string, found: number): never => {
    throw new UsageError("bad-gptq-option", `${what} cannot be ${found}`, { expected, found: String(found) });
  };
  if (!gptqBits.includes(bits)) refuse("The bits of GPTQ", gptqBits.join(", "), bits);
  if (groupSize !== -1 && !(Number.isSafeInteger(groupSize) && groupSize > 0)) {
    refuse("The group size", "a whole number above 0, or -1 for whole rows", groupSize);
  }
  if (!(damping > 0 && damping < 1)) refuse("The damping", "a number between 0 and 1", damping);
  if (!(rangeExponent >= 0 && Number.isFinite(rangeExponent))) refuse("The exponent of the range search", "a number from 0", rangeExponent);
}
