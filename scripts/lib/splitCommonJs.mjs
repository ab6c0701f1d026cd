// An esbuild plugin: bundles that are split, as CommonJS.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";

/**
 * esbuild splits bundles only as modules. This makes CommonJS of them: what is imported with `import()` stays out of the
 * file that a process has to read and compile first, and all that this one needs is in it, in place of a chunk for what
 * it shares with the others. For each file that is looked up and read takes a millisecond of the time to activate the
 * extension, which is as much as the code in it.
 * @param {boolean} dev keeps names, and adds source maps
 * @returns {import("esbuild").Plugin}
 */
export function splitCommonJs(dev) {
  return {
    name: "split-commonjs",
    setup(build) {
      const folder = path.resolve(build.initialOptions.outdir ?? ".");
      build.onEnd(async ({ outputFiles = [], metafile, errors }) => {
        if (errors.length > 0) return;
        const texts = new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text]));
        mkdirSync(folder, { recursive: true });
        for (const [name] of Object.entries(build.initialOptions.entryPoints ?? {})) {
          const entry = `${name}.js`;
          const shared = importedBy(metafile, entry);
          for (const file of texts.keys()) {
            if (shared.has(file)) continue;
            const {
              outputFiles: [built],
            } = await esbuild.build({
              stdin: {
                contents: file === entry ? withShared(entry, shared) : `export * from "./${file}";`,
                resolveDir: folder,
                sourcefile: file,
              },
              plugins: [fromMemory(texts, entry, file, shared)],
              bundle: true,
              write: false,
              format: "cjs",
              platform: "node",
              target: "node20",
              supported: { "dynamic-import": false },
              minify: !dev,
              legalComments: "none",
              sourcemap: dev && "inline",
              logLevel: "warning",
              // The shim of `require` that esbuild writes into modules.
              logOverride: { "indirect-require": "silent" },
            });
            if (built) writeFileSync(path.join(folder, file), built.contents);
          }
        }
      });
    },
  };
}

/** Names of the chunks that a bundle imports statically, and those that they import. */
function importedBy(metafile, file, found = new Set()) {
  const outputs = Object.entries(metafile.outputs);
  const output = outputs.find(([name]) => path.basename(name) === file)?.[1];
  for (const { path: imported, kind, external } of output?.imports ?? []) {
    const chunk = path.basename(imported);
    if (kind !== "import-statement" || external || found.has(chunk)) continue;
    found.add(chunk);
    importedBy(metafile, chunk, found);
  }
  return found;
}

const sharedName = (chunk) => `shared_${chunk.replace(/\W/g, "_")}`;

/** What a bundle exports, and, for the bundles that are loaded later, each of its chunks. */
const withShared = (entry, shared) =>
  [`export * from "./${entry}";`, ...[...shared].map((chunk) => `export * as ${sharedName(chunk)} from "./${chunk}";`)].join("\n");

/**
 * Finds what becomes part of a file among the outputs of the first pass: its own text and, in the entry, the shared chunks.
 * In the others these are taken from the entry, which is loaded before.
 * @param {Map<string, string>} texts
 * @param {string} entry
 * @param {string} file
 * @param {Set<string>} shared
 * @returns {import("esbuild").Plugin}
 */
const fromMemory = (texts, entry, file, shared) => ({
  name: "from-memory",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path: specifier, kind }) => {
      const name = path.basename(specifier);
      if (kind === "import-statement" && name === file) return { path: name, namespace: "first-pass" };
      if (kind === "import-statement" && shared.has(name)) return { path: name, namespace: file === entry ? "first-pass" : "shared" };
      return { path: specifier, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: "first-pass" }, ({ path: name }) => ({ contents: texts.get(name) }));
    build.onLoad({ filter: /.*/, namespace: "shared" }, ({ path: name }) => ({
      contents: `module.exports = require("./${entry}").${sharedName(name)};`,
    }));
  },
});
