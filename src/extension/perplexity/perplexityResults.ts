import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { PerplexityState } from "../../protocol/perplexity";
import { type Disposable, Emitter } from "../emitter";

/** What was measured last of contents of checkpoints, for other pages about them: kept as long as the contents are. */
export class PerplexityResults implements Disposable {
  private readonly states = new WeakMap<Checkpoint, PerplexityState>();
  private readonly emitter = new Emitter<Checkpoint>();

  /** Fired with the content of which more is known. */
  readonly onDidKeep = this.emitter.event;

  keep(checkpoint: Checkpoint, state: PerplexityState): void {
    this.states.set(checkpoint, state);
    this.emitter.fire(checkpoint);
  }

  of(checkpoint: Checkpoint): PerplexityState | undefined {
    return this.states.get(checkpoint);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
