import path from "node:path";

const dist = path.join(__dirname, "..", "..", "dist");

/** The built files an engine starts with. */
export const builtFiles = { workerFile: path.join(dist, "tasks.js"), kernelsFile: path.join(dist, "kernels.wasm") };
