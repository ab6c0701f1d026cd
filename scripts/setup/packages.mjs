// The project's npm packages, installed without running any package's install script.
import { existsSync, readFileSync } from "node:fs";
import { at } from "../lib/paths.mjs";
import { node } from "../lib/run.mjs";
import { npm } from "../lib/npm.mjs";

/** Whether node_modules holds exactly the versions of the lock file. Packages for other platforms may be missing. */
export function packagesAreCurrent(folder) {
  const [wanted, present] = ["package-lock.json", "node_modules/.package-lock.json"].map((name) => {
    const file = `${folder}/${name}`;
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;
  });
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === "" || entry.link) return true;
    const found = present[name];
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true;
  });
}

/** Installs node_modules when it is missing or differs from the lock file. */
export async function installPackages() {
  if (!packagesAreCurrent(at())) {
    console.log("setup: npm packages");
    await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { limitMs: 900_000 });
  }
  if (!esbuildHasBinary()) await node([at("node_modules/esbuild/install.js")]);
}

/** esbuild's binary comes in a package of its own; only where npm left that out must its installer fetch it. */
function esbuildHasBinary() {
  const { platform, arch } = process;
  const folder = at("node_modules/@esbuild", `${platform}-${arch}`);
  return existsSync(`${folder}/bin/esbuild`) || existsSync(`${folder}/esbuild.exe`);
}
