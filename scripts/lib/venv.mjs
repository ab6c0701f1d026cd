// Python environments under .cache, one for each list of what it holds.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { installDebian } from "./debian.mjs";
import { at, cache } from "./paths.mjs";
import { must, run } from "./run.mjs";

/** Makes an environment hold what a requirements file of the project names; nothing is done where it already does. */
export async function installVenv(name, requirements) {
  const [folder, list] = [cache(name), at(requirements)];
  const wanted = readFileSync(list, "utf8");
  const stamp = cache(name, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log(`setup: Python environment of ${requirements}`);
  const create = () => run("python3", ["-m", "venv", "--clear", folder]);
  mkdirSync(cache(), { recursive: true });
  if ((await create()).code !== 0) {
    await installDebian(["python3", "python3-venv"], "Python with venv");
    const { code, output } = await create();
    if (code !== 0) throw new Error(`python3 -m venv failed\n${output}`);
  }
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", list];
  await must(cache(name, "bin/python"), install, { limitMs: 3_600_000 });
  writeFileSync(stamp, wanted);
}
