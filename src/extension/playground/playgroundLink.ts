import type { PlaygroundLinkKind, PlaygroundState } from "../../protocol/playground";
import { playgroundPath, stateParameter } from "../webLink";

/**
 * A link that opens the playground with what is chosen.
 *
 * @param scheme of the links that this VS Code opens
 * @param checkpoint URI of the checkpoint; the sample when absent, whose place differs between machines
 */
export function playgroundLink(kind: PlaygroundLinkKind, scheme: string, state: PlaygroundState, checkpoint?: string): string {
  const argument = JSON.stringify(checkpoint === undefined ? state : { ...state, checkpoint });
  if (kind === "command") return `command:quantscope.openPlayground?${encodeURIComponent(`[${argument}]`)}`;
  return `${scheme}://quantscope.quantscope${playgroundPath}?${stateParameter}=${Buffer.from(argument).toString("base64url")}`;
}
