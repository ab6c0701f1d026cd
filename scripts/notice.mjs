// Writes NOTICE: the licences of the packages whose code is in the bundles, from esbuild's record of what went into them.
//
//   node scripts/notice.mjs [--check]      --check only compares, and fails when NOTICE is out of date
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { at } from "./lib/paths.mjs";

const head = `Quantscope
Copyright (c) 2026 Quantscope contributors. MIT License, see LICENSE.

The sample checkpoint under media/sample (weights, tokenizer, text, model card) is dedicated to the public domain under CC0 1.0 Universal.

The ggml types, the mixtures of llama-quantize and the conversion to GGUF (src/core/quant/ggml, src/core/decode/ggml, src/core/recipe,
src/core/convert, src/core/formats/gguf/writer, src/kernels) follow the algorithms of ggml, llama.cpp and its converter, so that bytes and
sizes are the same. The code books of the types IQ1 to IQ3 (src/core/decode/ggml/gridData.ts) are ggml's, observed from what its library
decodes. For the same reason src/core/quant, src/core/quant/split, src/core/packed and src/core/calibrate follow what bitsandbytes (MIT,
copyright Facebook, Inc. and its affiliates), HQQ, compressed-tensors, AutoGPTQ, AutoAWQ, ONNX Runtime (MIT, copyright Microsoft
Corporation) and pytorch-quantization do. No file of theirs is part of Quantscope. The notice of ggml and llama.cpp:

${mit("2023-2026 The ggml authors")}

The bundles in dist/ contain code of the packages below. dist/kernels.wasm and dist/kernels-relaxed.wasm are compiled from src/kernels/assembly and contain nothing else.
Icons are drawn in webview/ui/icons.ts and scripts/icon.mjs.
`;

/** The text of our own licence with another copyright. */
function mit(copyright) {
  return readFileSync(at("LICENSE"), "utf8")
    .replace(/^Copyright .*$/m, `Copyright (c) ${copyright}`)
    .trim();
}

const check = process.argv.includes("--check");
const record = at("out/bundles.json");
if (!existsSync(record)) {
  console.error("out/bundles.json is missing: run npm run build first.");
  process.exit(1);
}
const text = [head, ...sections(bundledPackages())].join("\n");
const file = at("NOTICE");
if (!check) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  console.error("NOTICE does not list what the bundles contain: run npm run notice.");
  process.exitCode = 1;
}

/** Folders of the packages, sorted by name. */
function bundledPackages() {
  const { inputs } = JSON.parse(readFileSync(record, "utf8"));
  const folders = Object.keys(inputs).flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(folders)].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function nameOf(folder) {
  return folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** A section for each licence text, with the packages that share it. */
function sections(folders) {
  const byText = new Map();
  for (const folder of folders) {
    const { version, license, author } = JSON.parse(readFileSync(at(folder, "package.json"), "utf8"));
    const licence = licenceText(at(folder)) ?? declaredLicence(license, author?.name ?? author);
    byText.set(licence, [...(byText.get(licence) ?? []), `${nameOf(folder)} ${version}`]);
  }
  const rule = "-".repeat(80);
  return [...byText].map(([licence, names]) => `${rule}\n${names.join("\n")}\n\n${licence}\n`);
}

function licenceText(folder) {
  const name = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  return name ? readFileSync(path.join(folder, name), "utf8").replaceAll("\r\n", "\n").trim() : undefined;
}

/** The licence of a package that only names it. */
function declaredLicence(license, author) {
  if (license === "MIT" && author) return mit(author);
  throw new Error(`a bundled package has the licence ${license} without its text`);
}
