// Builds everything into dist/: kernels.wasm, extension.js, worker.js, cli.js and the webview pages.
// `--watch` rebuilds on change, `--dev` keeps names and adds source maps.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as esbuild from "esbuild";

const watch = process.argv.includes("--watch");
const dev = watch || process.argv.includes("--dev");
const require = createRequire(import.meta.url);

function buildKernels() {
  mkdirSync("dist", { recursive: true });
  const compiler = path.join(path.dirname(require.resolve("assemblyscript/package.json")), "bin", "asc.js");
  const flags = ["-O3", "--runtime", "stub", "--enable", "simd", "--importMemory", "--noAssert"];
  execFileSync(process.execPath, [compiler, "src/kernels/assembly/index.ts", ...flags, "--outFile", "dist/kernels.wasm"], { stdio: "inherit" });
}

/** @type {import("esbuild").BuildOptions} */
const common = { bundle: true, minify: !dev, sourcemap: dev, logLevel: "warning", legalComments: "none", metafile: true };

const targets = [
  { ...common, entryPoints: { extension: "src/extension/extension.ts", worker: "src/jobs/worker.ts" }, outdir: "dist", platform: "node", format: "cjs", target: "node20", external: ["vscode"] },
  { ...common, entryPoints: { cli: "src/cli/main.ts" }, outdir: "dist", platform: "node", format: "cjs", target: "node20", banner: { js: "#!/usr/bin/env node" } },
  {
    ...common,
    entryPoints: { editor: "webview/editor/main.ts", "editor-style": "webview/editor/editor.css" },
    outdir: "dist/webview",
    platform: "browser",
    format: "esm",
    splitting: true,
    target: "es2022",
    loader: { ".ttf": "file" },
    tsconfig: "tsconfig.webview.json",
  },
];

buildKernels();
for (const target of targets) {
  if (watch) await (await esbuild.context(target)).watch();
  else await esbuild.build(target);
}
