import type { ViewRef } from "../fileRef";
import type { ByteSource, OpenSource } from "./byteSource";
import { openSwapped } from "./swapped";

type Openers = { readonly [K in ViewRef["kind"]]: (ref: Extract<ViewRef, { kind: K }>, open: OpenSource) => ByteSource };

const openers: Openers = {
  swapped: openSwapped,
};

/** Opens a view; `open` opens what it is made of. */
export function openView(ref: ViewRef, open: OpenSource): ByteSource {
  return openers[ref.kind](ref, open);
}
