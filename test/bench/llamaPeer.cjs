// llama.cpp's own quantizer in a process of its own: one JSON request a line, answered with the seconds the call took.
"use strict";
require("tsx/cjs");
const { createInterface } = require("node:readline");
const { findLlama } = require("../support/llama.ts");

const llama = findLlama();
createInterface({ input: process.stdin }).on("line", (line) => {
  const { source, target, fileType, threads } = JSON.parse(line);
  const started = performance.now();
  const done = llama.quantize(source, target, { fileType, threads });
  console.log(JSON.stringify({ done, seconds: (performance.now() - started) / 1000 }));
});
