import type { ViewRef } from "../fileRef";
import type { ByteSource, OpenSource } from "./byteSource";
import { openPacked } from "./packed";
import { openInterleavedHalves } from "./interleavedHalves";
import { openShifted } from "./shifted";
import { openAffine } from "./affine";
import { openDivided } from "./divided";
import { openHdf5 } from "./hdf5";
import { openInflated } from "./inflated";
import { openStrided } from "./strided";
import { openSwapped } from "./swapped";
import { openUnpacked } from "./unpacked";

type Openers = { readonly [K in ViewRef["kind"]]: (ref: Extract<ViewRef, { kind: K }>, open: OpenSource) => ByteSource };

const openers: Openers = {
  packed: openPacked,
  swapped: openSwapped,
  interleavedHalves: openInterleavedHalves,
  shifted: openShifted,
  inflated: openInflated,
  strided: openStrided,
  affine: openAffine,
  divided: openDivided,
  unpacked: openUnpacked,
  hdf5: openHdf5,
};

/** Opens a view; `open` opens what it is made of. */
export function openView(ref: ViewRef, open: OpenSource): ByteSource {
  // Each kind has the opener of its own references, which the compiler cannot see of a union.
  const opener = openers[ref.kind] as (ref: ViewRef, open: OpenSource) => ByteSource;
  return opener(ref, open);
}
