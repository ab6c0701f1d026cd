// llama.cpp's quantizer, called from Node: node llamaPeer.cjs SOURCE TARGET FILE_TYPE THREADS. Prints the seconds of the call alone.
"use strict";
require("tsx/cjs");
const { findLlama } = require("../support/llama.ts");

const llama = findLlama();
const [source, target, fileType, threads] = process.argv.slice(2);
const started = performance.now();
const done = llama.quantize(source, target, { fileType: Number(fileType), threads: Number(threads) });
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
process.exitCode = done ? 0 : 1;
