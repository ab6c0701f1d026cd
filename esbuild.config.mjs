// Builds everything into dist/: kernels.wasm, extension.js, worker.js, cli.js and the webview pages, within a size budget.
//
//   node esbuild.config.mjs [--watch] [--dev]      --watch rebuilds on change; --dev (part of it) keeps names and adds source maps
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { budgetReport } from "./scripts/lib/budget.mjs";
import { splitCommonJs } from "./scripts/lib/splitCommonJs.mjs";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
const watch = process.argv.includes("--watch");
const dev = watch || process.argv.includes("--dev");
const require = createRequire(import.meta.url);

/**
 * Compiles the AssemblyScript kernels unless what is there is newer than every source.
 * @param {string} output
 * @param {string[]} features
 */
function buildKernels(output, features) {
  const sources = "src/kernels/assembly";
  const changed = Math.max(
    ...[import.meta.filename, ...readdirSync(sources).map((name) => path.join(sources, name))].map((file) => statSync(file).mtimeMs),
  );
  if (existsSync(output) && statSync(output).mtimeMs > changed) return;
  const compiler = path.join(path.dirname(require.resolve("assemblyscript/package.json")), "bin", "asc.js");
  // 112 warns of vectors in the signatures of functions that are exported to other files but not from the module.
  const flags = [
    "-O3",
    "--runtime",
    "stub",
    ...features.flatMap((name) => ["--enable", name]),
    "--importMemory",
    "--noAssert",
    "--disableWarning",
    "112",
  ];
  execFileSync(process.execPath, [compiler, `${sources}/index.ts`, ...flags, "--outFile", output], { stdio: "inherit" });
}

/**
 * Requires VS Code's API once in each bundle, and as it is. Otherwise every module that imports it copies all of its
 * several hundred members when it is loaded: 5 to 10 ms of activation time in all.
 * @type {import("esbuild").Plugin}
 */
const requireVscodeOnce = {
  name: "require-vscode-once",
  setup(build) {
    const namespace = "vscode-once";
    build.onResolve({ filter: /^vscode$/ }, (args) => ({
      path: "vscode",
      ...(args.namespace === namespace ? { external: true } : { namespace }),
    }));
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents: 'module.exports = require("vscode");' }));
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replace(/^import \* as vscode from "vscode";$/m, 'import vscode = require("vscode");'),
      loader: "ts",
    }));
  },
};

/**
 * Leaves out what `commander` needs for subcommands that are programs of their own, which ours are not: loading it takes
 * each command 2 ms before it begins.
 * @type {import("esbuild").Plugin}
 */
const noSubprograms = {
  name: "no-subprograms",
  setup(build) {
    const namespace = "no-subprograms";
    build.onResolve({ filter: /^node:child_process$/ }, ({ path: name, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: name, namespace } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents: "" }));
  },
};

/** @type {import("esbuild").BuildOptions} */
const common = { bundle: true, minify: !dev, sourcemap: dev, logLevel: "warning", legalComments: "none", metafile: true };

/** @type {import("esbuild").BuildOptions} */
const forNode = { ...common, outdir: "dist", platform: "node", format: "cjs", target: "node20" };

/**
 * Options of a bundle that is split: the files it loads later have names that begin with its own.
 * @param {string} name
 * @returns {import("esbuild").BuildOptions}
 */
const splitAs = (name) => ({
  format: "esm",
  splitting: true,
  // In the same folder: what is beside a bundle is found from any of them.
  chunkNames: `${name}-[name]-[hash]`,
  write: false,
  // Inline: so the second step carries the map on.
  sourcemap: dev && "inline",
});

/** @type {import("esbuild").BuildOptions[]} */
const targets = [
  // Each page is one script, which becomes part of its document: see `pageDocument.ts`. What it imports with `import()`
  // is in it too, and is run when it is needed.
  {
    ...common,
    entryPoints: {
      calibration: "webview/calibration/main.ts",
      "calibration-style": "webview/calibration/calibration.css",
      editor: "webview/editor/main.ts",
      "editor-style": "webview/editor/editor.css",
      errors: "webview/errors/main.ts",
      "errors-style": "webview/errors/errors.css",
      gptq: "webview/gptq/main.ts",
      "gptq-style": "webview/gptq/gptq.css",
      estimate: "webview/estimate/main.ts",
      "estimate-style": "webview/estimate/estimate.css",
      lesson: "webview/lesson/main.ts",
      "lesson-style": "webview/lesson/lesson.css",
      perplexity: "webview/perplexity/main.ts",
      "perplexity-style": "webview/perplexity/perplexity.css",
      playground: "webview/playground/main.ts",
      "playground-style": "webview/playground/playground.css",
      preflight: "webview/preflight/main.ts",
      "preflight-style": "webview/preflight/preflight.css",
    },
    outdir: "dist/webview",
    platform: "browser",
    format: "iife",
    target: "es2022",
    tsconfig: "tsconfig.webview.json",
  },
  {
    ...forNode,
    ...splitAs("extension"),
    entryPoints: { extension: "src/extension/extension.ts" },
    plugins: [requireVscodeOnce, splitCommonJs(dev)],
  },
  // Piscina starts the `worker.js` beside the bundle it is part of; that one loads our tasks.
  {
    ...forNode,
    entryPoints: { tasks: "src/jobs/worker.ts", worker: "node_modules/piscina/dist/worker.js" },
    external: ["@napi-rs/nice"],
  },
  // A process of its own, started with an ONNX model. ONNX Runtime is the user's, and found when it runs.
  { ...forNode, entryPoints: { onnx: "src/jobs/onnx/onnxProcess.ts" } },
  // Required beside the others, and started as a thread, with the first HDF5 file: half of all code.
  { ...forNode, entryPoints: { hdf5: "src/hdf5/main.ts" }, charset: "utf8", define: { "import.meta.url": "undefined" } },
  // Split, so that threads are started before the code of the commands is read: see `program.ts`.
  {
    ...forNode,
    ...splitAs("cli"),
    entryPoints: { cli: "src/cli/main.ts" },
    plugins: [noSubprograms, splitCommonJs(dev)],
    define: { packageVersion: JSON.stringify(require("./package.json").version) },
  },
];

/** Builds once and checks the budget. Returns whether the bundles are within it. */
async function buildAll() {
  /** @type {import("esbuild").Metafile} */
  const files = { inputs: {}, outputs: {} };
  for (const target of targets) {
    const { metafile } = await esbuild.build(target);
    Object.assign(files.inputs, metafile?.inputs);
    Object.assign(files.outputs, metafile?.outputs);
  }
  mkdirSync("out", { recursive: true });
  writeFileSync("out/bundles.json", JSON.stringify(files));
  const { lines, exceeded } = budgetReport(files);
  if (exceeded && !dev) console.error(["The bundles are not within their budget:", ...lines].join("\n"));
  return !exceeded;
}

mkdirSync("dist", { recursive: true });
buildKernels("dist/kernels.wasm", ["simd"]);
// The same for machines that multiply and add in one step; `workerPool.ts` chooses.
buildKernels("dist/kernels-relaxed.wasm", ["simd", "relaxed-simd"]);
if (watch) {
  for (const target of targets) await (await esbuild.context(target)).watch();
} else {
  // Chunks carry a hash in their names: those of the last build would stay beside the new ones.
  rmSync("dist/webview", { recursive: true, force: true });
  for (const name of readdirSync("dist")) if (/^(extension|cli)-/.test(name)) rmSync(`dist/${name}`);
  // esbuild has printed its errors when it throws. A build for debugging is larger.
  const isGood = await buildAll().then(
    (withinBudget) => withinBudget || dev,
    () => false,
  );
  if (!isGood) process.exitCode = 1;
}
