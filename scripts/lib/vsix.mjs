// The installable package: where it is, and where the tests install it.
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { at, cache } from "./paths.mjs";

const { name, publisher, version } = JSON.parse(readFileSync(at("package.json"), "utf8"));

/** The package of this version, as `npm run package` makes it. */
export const vsixFile = at(`${name}-${version}.vsix`);

/** An extensions folder for servers, with the package installed in it. */
export const installedFolder = cache("installed");

/** The extension inside that folder. */
export const installedExtension = cache("installed", `${publisher}.${name}-${version}`);

/** Deletes packages and installations of an earlier build, so that no test can meet them. */
export function removePackages() {
  for (const file of readdirSync(at())) if (file.startsWith(`${name}-`) && file.endsWith(".vsix")) rmSync(at(file));
  rmSync(installedFolder, { recursive: true, force: true });
}
