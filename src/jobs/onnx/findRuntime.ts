import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { UsageError } from "../../core/errors";

/** The package that users may have. It is no dependency: the smallest has 50 MB, for one kind of file. */
export const runtimePackage = "onnxruntime-node";

/** What of a process says where packages lie. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The program that runs. */
  readonly program: string;
}

const ownSurroundings = (): Surroundings => ({ env: process.env, platform: process.platform, home: homedir(), program: process.execPath });

/**
 * The folder of the user's own onnxruntime-node: where the user says, else among the packages that are installed for all folders. The
 * folder that is worked in is not looked at: what somebody else's folder holds would then be run.
 *
 * @param chosen the package, or a folder that has it, with or without `node_modules` between
 * @throws UsageError `onnxruntime-missing`
 */
export function findRuntime(chosen: string | undefined, surroundings = ownSurroundings()): string {
  const candidates = chosen ? inChosen(chosen) : globalRoots(surroundings).map((root) => join(root, runtimePackage));
  const found = candidates.find(isRuntime);
  if (found !== undefined) return found;
  throw new UsageError("onnxruntime-missing", "ONNX models are run by ONNX Runtime, which is not part of Quantscope and was not found", {
    expected: `the package ${runtimePackage}${chosen ? "" : " among the global packages of npm"}`,
    found: chosen ? `none in ${chosen}` : "none",
    hint: `Run "npm install --global ${runtimePackage}", or name the folder that has it: in the setting quantscope.onnxRuntime, on the command line with --onnxruntime.`,
  });
}

function inChosen(folder: string): string[] {
  const full = resolve(folder);
  return [full, join(full, runtimePackage), join(full, "node_modules", runtimePackage)];
}

function isRuntime(folder: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown };
    return name === runtimePackage;
  } catch {
    return false;
  }
}

/** Where Node and npm have packages for all folders, in the order in which they are looked for. Relative paths would depend on the folder that is worked in. */
function globalRoots({ env, platform, home, program }: Surroundings): string[] {
  const isWindows = platform === "win32";
  const ofPrefix = (prefix: string): string => join(prefix, ...(isWindows ? [] : ["lib"]), "node_modules");
  const prefixes = [
    env["npm_config_prefix"] ?? env["NPM_CONFIG_PREFIX"],
    prefixInNpmrc(home),
    isWindows && env["APPDATA"] ? join(env["APPDATA"], "npm") : undefined,
  ];
  return [
    ...(env["NODE_PATH"] ?? "").split(delimiter),
    join(home, ".node_modules"),
    ...prefixes.flatMap((prefix) => (prefix ? [ofPrefix(prefix)] : [])),
    ...nodeFolders(env, isWindows, program).map((folder) => ofPrefix(isWindows ? folder : dirname(folder))),
  ].filter(isAbsolute);
}

/** The folders of the `node` that a terminal starts, and of the program that runs, which in the editor is none. */
function nodeFolders(env: Surroundings["env"], isWindows: boolean, program: string): string[] {
  const path = (env["PATH"] ?? env["Path"] ?? "").split(delimiter);
  const name = isWindows ? "node.exe" : "node";
  // Scripts of npm put the packages of the folder that is worked in before all others.
  const global = path.filter((folder) => isAbsolute(folder) && !/[\\/]node_modules[\\/]/.test(folder));
  return [...global.filter((folder) => isFile(join(folder, name))), dirname(program)];
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** `prefix` of the user's settings of npm. */
function prefixInNpmrc(home: string): string | undefined {
  try {
    const line = /^\s*prefix\s*=\s*(.+?)\s*$/m.exec(readFileSync(join(home, ".npmrc"), "utf8"))?.[1];
    return line?.replace(/^"(.*)"$/, "$1").replace(/^(~|\$\{HOME\})(?=[\\/]|$)/, () => home);
  } catch {
    return undefined;
  }
}
