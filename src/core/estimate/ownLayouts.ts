import { bartFamilies, bartTensors } from "./bartTensors";
import type { ConfigNumbers } from "./configNumbers";
import { encoderFamilies, encoderTensors } from "./encoderTensors";
import { type HeadKind, withHead } from "./modelHead";
import { gemma3nTensors, gemma4Tensors } from "./gemmaTensors";
import { debertaTensors, modernBertTensors } from "./modernEncoders";
import { mllamaText } from "./mllamaTensors";
import type { NamedShape } from "./namedShape";
import { dbrxTensors, longcatTensors, zamba2Tensors } from "./ownDecoders";
import { dinov2Tensors, towerTensors, vitTensors } from "./pictureModels";
import { mambaTensors, nemotronTensors, recurrentGemmaTensors } from "./stateSpaceTensors";
import { t5Families, t5Tensors } from "./t5Tensors";

/** The tensors of a model that is no decoder of the usual kind; undefined where its head is not known. */
export interface OwnLayout {
  /** The head of models whose configuration does not say. */
  readonly usualHead: HeadKind;
  /** It may be the language part of a larger model. */
  readonly nests: boolean;
  readonly tensors: (config: ConfigNumbers, head: HeadKind) => NamedShape[] | undefined;
}

function layouts<Family>(
  families: ReadonlyMap<string, Family>,
  usualHead: HeadKind,
  make: (config: ConfigNumbers, family: Family, head: HeadKind) => NamedShape[] | undefined,
): [string, OwnLayout][] {
  return [...families].map(([type, family]) => [type, { usualHead, nests: false, tensors: (config, head) => make(config, family, head) }]);
}

const none: HeadKind = { kind: "none" };
const language: HeadKind = { kind: "language" };

function decoder(make: (config: ConfigNumbers) => NamedShape[] | undefined): OwnLayout {
  return {
    usualHead: language,
    nests: true,
    tensors: (config, head) => {
      const tensors = make(config);
      return tensors && withHead(tensors, head);
    },
  };
}

/** By `model_type`. */
export const ownLayouts: ReadonlyMap<string, OwnLayout> = new Map([
  ...layouts(encoderFamilies, none, encoderTensors),
  ...layouts(t5Families, language, t5Tensors),
  ...layouts(bartFamilies, language, bartTensors),
  ["mamba", decoder((config) => mambaTensors(config, false))],
  ["falcon_mamba", decoder((config) => mambaTensors(config, false))],
  ["mamba2", decoder((config) => mambaTensors(config, true))],
  ["nemotron_h", decoder(nemotronTensors)],
  ["recurrent_gemma", decoder(recurrentGemmaTensors)],
  ["longcat_flash", decoder(longcatTensors)],
  ["dbrx", decoder(dbrxTensors)],
  ["zamba2", decoder(zamba2Tensors)],
  ["mllama_text_model", decoder(mllamaText)],
  ["gemma3n_text", decoder(gemma3nTensors)],
  ["gemma4_text", decoder(gemma4Tensors)],
  ["vit", { usualHead: none, nests: false, tensors: vitTensors }],
  ["dinov2", { usualHead: none, nests: false, tensors: dinov2Tensors }],
  ...["clip_vision_model", "siglip_vision_model"].map((type): [string, OwnLayout] => [
    type,
    { usualHead: none, nests: false, tensors: towerTensors(type) },
  ]),
  ["deberta-v2", { usualHead: none, nests: false, tensors: debertaTensors }],
  ["modernbert", { usualHead: none, nests: false, tensors: modernBertTensors }],
  ["modernbert-decoder", { usualHead: language, nests: false, tensors: modernBertTensors }],
]);
