import type { ContextKeyWriter } from "../contextKeys";
import { walkthroughKeys, type WalkthroughStep } from "../identifiers";

/**
 * What the user has really done of VS Code's walkthrough. VS Code checks a step when its key is set, and remembers that: the
 * keys themselves last as long as the window.
 */
export class WalkthroughProgress {
  constructor(private readonly keys: Pick<ContextKeyWriter, "set">) {}

  done(step: WalkthroughStep): void {
    this.keys.set(walkthroughKeys[step], true);
  }
}
