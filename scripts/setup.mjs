// Brings a machine to where the project builds, runs and passes its tests. Idempotent: what is there is left alone.
// It needs Node 20 and npm; missing Debian packages are installed where it may (root and apt-get), else named.
//
//   node scripts/setup.mjs [packages] [chromium] [host] [host-newest] [ggml] [python] [torch]      without a name: all but host-newest and torch
import { pathToFileURL } from "node:url";
import { installChromium } from "./setup/chromium.mjs";
import { hostVersions, installHost } from "./setup/host.mjs";
import { installGgml, installPython, installTorch } from "./setup/oracles.mjs";
import { installPackages } from "./setup/packages.mjs";

const steps = {
  packages: installPackages,
  chromium: installChromium,
  host: () => installHost(hostVersions.oldest),
  "host-newest": () => installHost(hostVersions.newest),
  ggml: installGgml,
  python: installPython,
  torch: installTorch,
};

/** Large, and needed by few: installed when named. */
const optional = ["host-newest", "torch"];

/** Runs the named steps in order. Throws with a sentence that says what to install when one cannot be done. */
export async function setup(names) {
  for (const name of names) {
    const step = steps[name];
    if (!step) throw new Error(`unknown step "${name}"; there are ${Object.keys(steps).join(", ")}`);
    await step();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const named = process.argv.slice(2);
  try {
    await setup(named.length > 0 ? named : Object.keys(steps).filter((name) => !optional.includes(name)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
