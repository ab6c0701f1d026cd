// What the oracle tests compare with: the real ggml library (an npm package) and numpy.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { installDebian } from "../lib/debian.mjs";
import { npm } from "../lib/npm.mjs";
import { at, cache } from "../lib/paths.mjs";
import { must, run } from "../lib/run.mjs";
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

/** A Python environment with what test/oracle/requirements.txt names. */
export async function installPython() {
  const wanted = readFileSync(at("test/oracle/requirements.txt"), "utf8");
  const stamp = cache("venv/requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("setup: Python environment");
  const create = () => run("python3", ["-m", "venv", "--clear", cache("venv")]);
  mkdirSync(cache(), { recursive: true });
  if ((await create()).code !== 0) {
    await installDebian(["python3", "python3-venv"], "Python with venv");
    const { code, output } = await create();
    if (code !== 0) throw new Error(`python3 -m venv failed\n${output}`);
  }
  await must(cache("venv/bin/python"), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "-r",
    at("test/oracle/requirements.txt"),
  ]);
  writeFileSync(stamp, wanted);
}
