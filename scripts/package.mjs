// `npm run package`: builds, and packs what users install. Any warning of vsce, a package over its size, and a file that has no business
// in it are failures.
//
//   node scripts/package.mjs [--install]      --install puts it where the tests of the installed extension look for it
import { statSync } from "node:fs";
import { at } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { installedFolder, removePackages, vsixFile } from "./lib/vsix.mjs";
import { setup } from "./setup.mjs";

/** Megabytes (10^6 bytes): the sample checkpoint is 8.4 of them. */
const largest = 12;
const vsce = at("node_modules/@vscode/vsce/vsce");

await setup(["packages"]);
removePackages();
const { code, output } = await run(process.execPath, [vsce, "package", "--no-dependencies", "--out", vsixFile], { show: true });
const problems = [];
if (code !== 0) problems.push(`vsce ended with ${code}`);
else {
  const warnings = output.split("\n").filter((line) => /^\s*(WARNING|.*\bwarning\b)/i.test(line) && !/^npm warn/i.test(line));
  problems.push(...warnings.map((line) => `vsce: ${line.trim()}`));
  const megabytes = statSync(vsixFile).size / 1e6;
  if (megabytes > largest) problems.push(`the package has ${megabytes.toFixed(2)} MB, more than ${largest}`);
  problems.push(...(await strangers()).map((name) => `${name} does not belong in the package`));
}
if (problems.length === 0 && process.argv.includes("--install")) {
  const { installExtension } = await import("../test/host/vscodeServer.mjs");
  installExtension(vsixFile, installedFolder);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Files of the package outside the few places that it is made of. */
async function strangers() {
  const { output: list } = await run(process.execPath, [vsce, "ls", "--no-dependencies"]);
  const belongs =
    /^(dist\/(?!.*\.map$)|l10n\/|media\/|package(\.nls(\.[a-z-]+)?)?\.json$|(CHANGELOG|README)\.md$|LICENSE(\.txt)?$|NOTICE$)/;
  return list
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("npm warn") && (!belongs.test(line) || line.startsWith("media/sample/train/")));
}
