// `npm run bench`: measures against the real peers in one run, prints one table, writes bench/latest.json.
//
//   tsx test/bench/bench.ts [--only kernels,stats,threads,headers,memory,quantize,errors,schemes,forward,gptq,editor,pages] [--rounds N]
//
// Exits with 1 if a bar does not hold. See the design's performance.md for how and why it is measured this way.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { runEditorBench } from "./editorBench";
import { runErrorsBench } from "./errorsBench";
import { runForwardBench } from "./forwardBench";
import { runGptqBench } from "./gptqBench";
import { runHeadersBench } from "./headersBench";
import { runKernelBench } from "./kernels";
import { runMemoryBench } from "./memoryBench";
import { runPagesBench } from "./pagesBench";
import { runQuantizeBench } from "./quantizeBench";
import { holds, type ResultRow, resultTable } from "./results";
import { runSchemesBench } from "./schemesBench";
import { runStatsBench } from "./statsBench";
import { runThreadsBench } from "./threadsBench";

type Part = (at: (name: string) => string, rounds: number) => Promise<ResultRow[]>;

const parts: Readonly<Record<string, Part>> = {
  kernels: runKernelBench,
  stats: runStatsBench,
  threads: runThreadsBench,
  headers: runHeadersBench,
  memory: runMemoryBench,
  quantize: runQuantizeBench,
  errors: runErrorsBench,
  schemes: runSchemesBench,
  forward: runForwardBench,
  gptq: runGptqBench,
  editor: runEditorBench,
  pages: runPagesBench,
};

function options(): { chosen: string[]; rounds: number } {
  const { values } = parseArgs({ options: { only: { type: "string" }, rounds: { type: "string", default: "7" } } });
  const chosen = values.only?.split(",") ?? Object.keys(parts);
  const unknown = chosen.filter((name) => !(name in parts));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}.`);
  return { chosen, rounds: Number(values.rounds) };
}

/** Processes that wanted to run in the last minute: above 0.5 before the start, others were at work. */
function load(): number | undefined {
  return process.platform === "linux" ? Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]) : undefined;
}

async function main(): Promise<void> {
  const { chosen, rounds } = options();
  const machine = { processor: cpus()[0]?.model, cores: cpus().length, node: process.version, load: load() };
  console.log(
    `${machine.processor} × ${machine.cores}, Node ${machine.node}, load ${machine.load}; ${rounds} interleaved rounds; best / median`,
  );
  const folder = mkdtempSync(path.join(tmpdir(), "quantscope-bench-"));
  // Gigabytes: they must not stay when the run is interrupted.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  const rows: ResultRow[] = [];
  for (const name of chosen) {
    const found = await parts[name]!((file) => path.join(folder, file), rounds);
    // A whole run takes the better part of an hour, and what it has found should outlive it.
    if (chosen.length > 1) console.error(resultTable(found));
    rows.push(...found);
  }
  console.log(resultTable(rows));
  const output = path.join(__dirname, "..", "..", "bench");
  mkdirSync(output, { recursive: true });
  const results = rows.map((row) => ({ ...row, holds: holds(row) }));
  writeFileSync(path.join(output, "latest.json"), JSON.stringify({ date: new Date().toISOString(), machine, rounds, results }, null, 2));
  const missed = rows.filter((row) => holds(row) === false);
  const judged = rows.filter((row) => holds(row) !== undefined).length;
  const open = rows.filter((row) => row.bar && holds(row) === undefined).length;
  const rest = open > 0 ? `; ${open} could not be judged: two cores were not free` : "";
  console.log(`${judged - missed.length} of ${judged} bars hold${rest}.`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

void main();
