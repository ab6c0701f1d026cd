import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { libraryFolder } from "../support/ggml";
import { timeProcess } from "./command";

/** Seconds of one run of llama.cpp's quantizer. */
interface QuantizerRun {
  /** Of its process, from start to end. */
  process: number;
  /** Of the call inside. */
  call: number;
}

/** llama.cpp's quantizer, every run a process of its own. */
export interface LlamaQuantizer {
  readonly name: string;
  /** @param fileType `llama_ftype` */
  run(source: string, target: string, fileType: number, threads: number): Promise<QuantizerRun>;
}

/**
 * Builds the program where there is a C compiler; else the library is called from Node. Undefined where there is no library.
 *
 * @param program path to build it at
 */
export function findLlamaQuantizer(program: string): LlamaQuantizer | undefined {
  const folder = libraryFolder();
  if (folder === undefined) return undefined;
  const isProgram = compile(program);
  const run = async (command: string, args: readonly string[]): Promise<QuantizerRun> => {
    const { seconds, report } = await timeProcess<{ seconds: number }>(command, args);
    return { process: seconds, call: report.seconds };
  };
  if (!isProgram) console.log("quantize: no C compiler here, so llama.cpp's library is called from Node");
  const libraries = isProgram ? librariesOf(folder) : [];
  const peer = path.join(__dirname, "llamaPeer.cjs");
  return {
    name: isProgram ? "llama.cpp's quantizer" : "llama.cpp's quantizer, called from Node",
    run(source, target, fileType, threads) {
      const args = [source, target, String(fileType), String(threads)];
      return isProgram ? run(program, [...args, ...libraries]) : run(process.execPath, [peer, ...args]);
    },
  };
}

function compile(program: string): boolean {
  const source = path.join(__dirname, "llamaQuantize.c");
  return spawnSync("cc", ["-O2", "-o", program, source, "-ldl"], { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

/** In the order of their dependencies. */
function librariesOf(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".so"));
  return ["libggml-base.", "libggml.", "libllama."].map((prefix) =>
    path.join(
      folder,
      names.find((name) => name.startsWith(prefix))!,
    ),
  );
}
