import type { PlaygroundState } from "../../protocol/playground";

/**
 * A command URI that opens the playground with what is chosen, for Markdown and notebooks.
 *
 * @param checkpoint URI of the checkpoint; the sample when absent, whose place differs between machines
 */
export function playgroundLink(state: PlaygroundState, checkpoint?: string): string {
  const argument = checkpoint === undefined ? state : { ...state, checkpoint };
  return `command:quantscope.openPlayground?${encodeURIComponent(JSON.stringify([argument]))}`;
}
