import type { SequenceGroup } from "./forwardPass";

/** Logits of the scored tokens of some sequences, in place of a pass that can compute them: what another runtime answered. */
export interface ReadyPass {
  /** Float32, a row of the whole vocabulary for each scored token. */
  readonly logits: SharedArrayBuffer;
  readonly vocabulary: number;
  /** All sequences, shared out. */
  readonly parts: readonly SequenceGroup[];
}
