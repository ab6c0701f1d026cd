import type { ViewRef } from "../fileRef";
import type { ByteSource, OpenSource } from "./byteSource";
import { openAffine } from "./affine";
import { openInflated } from "./inflated";
import { openStrided } from "./strided";
import { openSwapped } from "./swapped";

type Openers = { readonly [K in ViewRef["kind"]]: (ref: Extract<ViewRef, { kind: K }>, open: OpenSource) => ByteSource };

const openers: Openers = {
  swapped: openSwapped,
  inflated: openInflated,
  strided: openStrided,
  affine: openAffine,
};

/** Opens a view; `open` opens what it is made of. */
export function openView(ref: ViewRef, open: OpenSource): ByteSource {
  const opener = openers[ref.kind] as (ref: ViewRef, open: OpenSource) => ByteSource;
  return opener(ref, open);
}
