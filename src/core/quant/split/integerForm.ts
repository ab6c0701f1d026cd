import { parseAffine } from "../affine";

/** How integer weights with scales are formed, by whatever method. */
export interface IntegerForm {
  /** 2 to 8. */
  readonly bits: number;
  /** Columns that share a scale; −1 for a whole row. */
  readonly groupSize: number;
  /** Zeros are all in the middle. */
  readonly symmetric: boolean;
  /** Groups are of columns in an order of their own, that of their activations. */
  readonly ordered?: boolean;
}

/** The name of a form: `int4-sym-g128`, as the textbook schemes are called, with `-order` where columns are ordered. */
export function formName({ bits, groupSize, symmetric, ordered }: IntegerForm): string {
  return `int${bits}${symmetric ? "-sym" : ""}${groupSize === -1 ? "-channel" : `-g${groupSize}`}${ordered ? "-order" : ""}`;
}

/** The form of that name; undefined for any other, and for one scale over a whole tensor, of which there is none here. */
export function parseForm(name: string): IntegerForm | undefined {
  const ordered = name.endsWith("-order");
  const scheme = parseAffine(ordered ? name.slice(0, -"-order".length) : name);
  if (!scheme || scheme.bits > 8 || scheme.granularity.kind === "tensor") return undefined;
  const groupSize = scheme.granularity.kind === "group" ? scheme.granularity.size : -1;
  return { bits: scheme.bits, groupSize, symmetric: scheme.symmetric, ...(ordered ? { ordered } : {}) };
}
