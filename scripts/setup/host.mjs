// A real VS Code without a download of its own: the server build inside the npm package code-server. Each version has a folder
// test/host/vscode-VERSION with package.json, lock file and stubs of native modules; it is installed under .cache.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { npm } from "../lib/npm.mjs";
import { at, cache } from "../lib/paths.mjs";

/** The oldest that is supported runs on Node 20, the newer one brings its own Node 24. */
export const hostVersions = { oldest: "1.100", newest: "1.139" };

/** Where a version is installed: VSCODE_HOST_DIR, else its folder in the cache. */
export const hostFolder = (version) => process.env.VSCODE_HOST_DIR ?? cache(`vscode-${version}`);

/** Installs a host; what it consists of is compared with what was installed, so that a second call costs nothing. */
export async function installHost(version) {
  if (process.env.VSCODE_HOST_DIR) return;
  const source = at("test/host", `vscode-${version}`);
  const stubs = at("test/host/stubs");
  const target = cache(`vscode-${version}`);
  const stamp = path.join(target, "installed");
  const content = fingerprint([source, stubs]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === content) return;
  console.log(`setup: VS Code ${version} host`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true });
  cpSync(stubs, path.join(target, "stubs"), { recursive: true });
  await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: target, limitMs: 900_000 });
  linkModules(path.join(target, "node_modules"));
  writeFileSync(stamp, content);
}

/** The workbench page loads some modules from below its own folder; npm put them at the top. */
function linkModules(modules) {
  const link = path.join(modules, "code-server/lib/vscode/node_modules");
  rmSync(link, { recursive: true, force: true });
  symlinkSync("../../..", link);
  const probe = path.join(link, "vscode-oniguruma/release/onig.wasm");
  if (!existsSync(probe)) throw new Error(`the VS Code host is incomplete: ${path.relative(at(), probe)} is missing`);
}

function fingerprint(folders) {
  const hash = createHash("sha256").update(process.version);
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(path.join(entry.parentPath, entry.name)));
    }
  }
  return hash.digest("hex");
}
