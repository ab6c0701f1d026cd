// One long-lived worker thread of the controls: reads a part of a file as fast as Node can, or spins in registers.
"use strict";
const { closeSync, openSync, readSync } = require("node:fs");
const { parentPort } = require("node:worker_threads");

const chunkBytes = 4 * 2 ** 20;
// Page-aligned memory: reading to some other alignments is several times slower.
const memory = new WebAssembly.Memory({ initial: 65 });
const chunk = new Uint8Array(memory.buffer, 0, chunkBytes);

const operations = {
  read({ file, start, end }) {
    const handle = openSync(file, "r");
    for (let at = start; at < end; at += chunkBytes) readSync(handle, chunk, 0, Math.min(chunkBytes, end - at), at);
    closeSync(handle);
  },
  spin({ steps }) {
    let state = 1;
    for (let step = 0; step < steps; step++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state;
  },
};

parentPort.on("message", (request) => parentPort.postMessage(operations[request.operation](request)));
