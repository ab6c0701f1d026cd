// What the oracle tests compare with: the real ggml library (an npm package), numpy and gguf; and the bench, torch.
import { cpSync, mkdirSync } from "node:fs";
import { npm } from "../lib/npm.mjs";
import { at, cache } from "../lib/paths.mjs";
import { installVenv } from "../lib/venv.mjs";
import { packagesAreCurrent } from "./packages.mjs";

/** Folder with ggml's package, and the Python that has numpy: given to the tests as environment variables. */
export const oracleEnv = () => ({
  QUANTSCOPE_GGML_DIR: process.env.QUANTSCOPE_GGML_DIR ?? cache("oracle"),
  QUANTSCOPE_PYTHON: process.env.QUANTSCOPE_PYTHON ?? cache("venv/bin/python"),
});

/** ggml is built for x86-64 Linux there; elsewhere its tests skip themselves and say so. */
export async function installGgml() {
  if (process.platform !== "linux" || process.arch !== "x64") return;
  const target = cache("oracle");
  mkdirSync(target, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) cpSync(at("test/oracle", name), `${target}/${name}`);
  if (packagesAreCurrent(target)) return;
  console.log("setup: ggml library");
  await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: target });
}

/** A Python environment with numpy and gguf. */
export const installPython = () => installVenv("venv", "test/oracle/requirements.txt");

/** One with the libraries that only the bench needs: gigabytes on Linux, where torch brings those of CUDA and does not start without them. */
export const installTorch = () => installVenv("venv-torch", "test/bench/requirements.txt");
