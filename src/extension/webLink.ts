import { UsageError } from "../core/errors";

/** Paths of links that pages outside VS Code may have. */
export const [playgroundPath, lessonPath] = ["/playground", "/lesson"] as const;
/** Its value is JSON in base64url: VS Code decodes the rest of a link before it hands it on. */
export const stateParameter = "state";

/** Characters of a link, at most: names of tensors can be long. */
const mostCharacters = 2 ** 17;

/** A command, and what is passed to it. */
export interface LinkedCommand {
  id: "quantscope.openPlayground" | "quantscope.openLesson";
  argument?: unknown;
}

/**
 * What a link from outside asks for. Anybody can make such a link, so it opens nothing but the playground and the lesson, and no file
 * that the user has not opened; what the playground is to show is checked by itself.
 *
 * @param isKnown whether a checkpoint is one of the workspace
 * @throws UsageError `bad-link`
 */
export function linkedCommand({ path, query }: { path: string; query: string }, isKnown: (checkpoint: string) => boolean): LinkedCommand {
  if (query.length > mostCharacters) return refuse("too long");
  const parameters = new URLSearchParams(query);
  if (path === lessonPath) return { id: "quantscope.openLesson", argument: parameters.get("section") ?? undefined };
  if (path !== playgroundPath) return refuse(path);
  const state = stateOf(parameters.get(stateParameter) ?? "");
  const checkpoint: unknown = "checkpoint" in state ? state.checkpoint : undefined;
  if (checkpoint === undefined || (typeof checkpoint === "string" && isKnown(checkpoint))) {
    return { id: "quantscope.openPlayground", argument: state };
  }
  throw new UsageError("bad-link", "The link is about a checkpoint that is not in this workspace", {
    found: String(checkpoint),
    hint: "Open the folder of the checkpoint first.",
  });
}

function stateOf(text: string): object {
  if (text === "") return {};
  try {
    const state: unknown = /^[\w-]+$/.test(text) ? JSON.parse(Buffer.from(text, "base64url").toString()) : undefined;
    if (typeof state === "object" && state !== null && !Array.isArray(state)) return state;
  } catch {
    // Said below.
  }
  return refuse(text.slice(0, 64));
}

function refuse(found: string): never {
  throw new UsageError("bad-link", "Quantscope cannot read this link", { found });
}
