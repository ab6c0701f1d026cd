import type { OnnxDescription } from "../../core/model/onnx/onnxDescription";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { type OnnxOptions, OnnxSession } from "./onnxSession";

/** The ONNX models of one job, each loaded when it is first run. */
export class OnnxSessions {
  private readonly opened = new Map<Checkpoint, Promise<OnnxSession>>();

  constructor(private readonly options: OnnxOptions) {}

  /** @throws what {@link OnnxSession.open} throws */
  get(checkpoint: Checkpoint, description: OnnxDescription): Promise<OnnxSession> {
    const known = this.opened.get(checkpoint);
    if (known) return known;
    const opening = OnnxSession.open(checkpoint, description, this.options);
    this.opened.set(checkpoint, opening);
    return opening;
  }

  /** Ends all of them, also those that are still loading. */
  close(): void {
    for (const session of this.opened.values()) session.then((open) => open.close()).catch(() => undefined);
  }
}
