// Places of the project, for every script: no script depends on the folder it is called from.
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(fileURLToPath(new URL("../..", import.meta.url)));
/** A path inside the project. */
export const at = (...segments) => path.join(root, ...segments);
/** What setup installs beside node_modules: VS Code hosts, oracles, a Python environment. Not in the repository. */
export const cache = (...segments) => at(".cache", ...segments);
