// Debian's packages, where this process may install them.
import { existsSync } from "node:fs";
import { must } from "./run.mjs";

const mayInstall = process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
let updated = false;

/** Installs packages, or throws a sentence that says what to install. `why` ends the sentence "… is needed". */
export async function installDebian(packages, why) {
  const names = packages.join(" ");
  if (!mayInstall) throw new Error(`${why} is needed: install ${names} (on Debian: apt-get install ${names}).`);
  console.log(`setup: Debian packages ${names}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  if (!updated) await must("apt-get", ["update", "-q"], { env });
  updated = true;
  await must("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], { env, limitMs: 900_000 });
}
