import { bartFamilies, bartTensors } from "./bartTensors";
import type { ConfigNumbers } from "./configNumbers";
import { encoderFamilies, encoderTensors } from "./encoderTensors";
import type { HeadKind } from "./modelHead";
import { debertaTensors, modernBertTensors } from "./modernEncoders";
import type { NamedShape } from "./namedShape";
import { t5Families, t5Tensors } from "./t5Tensors";

/** The tensors of a model that is no decoder of the usual kind; undefined where its head is not known. */
export interface OwnLayout {
  /** The head of models whose configuration does not say. */
  readonly usualHead: HeadKind;
  readonly tensors: (config: ConfigNumbers, head: HeadKind) => NamedShape[] | undefined;
}

function layouts<Family>(
  families: ReadonlyMap<string, Family>,
  usualHead: HeadKind,
  make: (config: ConfigNumbers, family: Family, head: HeadKind) => NamedShape[] | undefined,
): [string, OwnLayout][] {
  return [...families].map(([type, family]) => [type, { usualHead, tensors: (config, head) => make(config, family, head) }]);
}

const none: HeadKind = { kind: "none" };
const language: HeadKind = { kind: "language" };

/** By `model_type`. */
export const ownLayouts: ReadonlyMap<string, OwnLayout> = new Map([
  ...layouts(encoderFamilies, none, encoderTensors),
  ...layouts(t5Families, language, t5Tensors),
  ...layouts(bartFamilies, language, bartTensors),
  ["deberta-v2", { usualHead: none, tensors: debertaTensors }],
  ["modernbert", { usualHead: none, tensors: modernBertTensors }],
  ["modernbert-decoder", { usualHead: language, tensors: modernBertTensors }],
]);
