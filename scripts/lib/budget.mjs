// The size budget of the bundles, from esbuild's record of what went into them. Kilobytes are 1000 bytes, minified, not compressed.

/**
 * @typedef {object} Budget
 * @property {string} name
 * @property {number} kilobytes
 * @property {(files: import("esbuild").Metafile) => number} bytes 0 means that what it measures is not there: a failure
 */

/** @type {Budget[]} */
const budgets = [
  {
    // The control toolkit alone is 190 of them, the charts 150.
    name: "largest script of a page",
    kilobytes: 600,
    bytes: (files) => Math.max(0, ...pageScripts(files).map((script) => sizeOf(files, [script]))),
  },
  {
    // More files cost more than more code: each is looked up, read and compiled by itself.
    name: "code that the extension host loads to activate the extension",
    kilobytes: 60,
    bytes: (files) => sizeOf(files, loadedWith(files, "dist/extension.js")),
  },
  {
    name: "code that the extension loads later",
    kilobytes: 1000,
    bytes: (files) => sizeOf(files, chunksBeside(files, "dist/extension-")),
  },
  {
    name: "code that the command line loads to know the command",
    kilobytes: 60,
    bytes: (files) => sizeOf(files, loadedWith(files, "dist/cli.js")),
  },
  {
    // 60 of them are how the weights of 180 kinds of config.json are counted, and models that are known by name.
    name: "code of all commands",
    kilobytes: 820,
    bytes: (files) => sizeOf(files, chunksBeside(files, "dist/cli-")),
  },
  {
    name: "the HDF5 library, loaded with the first HDF5 file",
    kilobytes: 5000,
    bytes: (files) => sizeOf(files, ["dist/hdf5.js"]),
  },
];

/**
 * One line for each budget, and whether one is exceeded.
 * @param {import("esbuild").Metafile} files
 */
export function budgetReport(files) {
  const measured = budgets.map((budget) => ({ ...budget, used: budget.bytes(files) }));
  return {
    lines: measured.map(({ name, used, kilobytes }) => `${name}: ${(used / 1000).toFixed(1)} of ${kilobytes} kB`),
    exceeded: measured.some(({ used, kilobytes }) => used === 0 || used > kilobytes * 1000),
  };
}

const sizeOf = (files, outputs) => [...outputs].reduce((sum, output) => sum + (files.outputs[output]?.bytes ?? 0), 0);

/** An output and every output that it imports statically. */
function loadedWith(files, output, seen = new Set()) {
  if (seen.has(output)) return seen;
  seen.add(output);
  for (const { path, kind, external } of files.outputs[output]?.imports ?? []) {
    if (kind === "import-statement" && !external) loadedWith(files, path, seen);
  }
  return seen;
}

const pageScripts = (files) => Object.keys(files.outputs).filter((output) => /^dist\/webview\/.*\.js$/.test(output));

/** The outputs whose path begins with `start`. */
const chunksBeside = (files, start) => Object.keys(files.outputs).filter((output) => output.startsWith(start) && output.endsWith(".js"));
