import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cliFile } from "../support/cli";
import { writeHole } from "./largeFiles";
import { type ResultRow, timing } from "./results";

const limitMB = 700;

/** Most resident memory of a process so far in bytes, or undefined once it is gone. */
export function peakResident(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Peak resident memory of `stats` on a sparse file of 20 GB. Linux only: elsewhere no rows. */
export async function runMemoryBench(at: (name: string) => string): Promise<ResultRow[]> {
  if (process.platform !== "linux") return [];
  const file = at("hole.safetensors");
  writeHole(
    file,
    "F32",
    Array.from({ length: 5 }, () => [31_250, 32_000]),
  );
  const child = spawn(process.execPath, [cliFile, "stats", file, "--threads", "2", "--json"], { stdio: "ignore" });
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakResident(child.pid!) ?? 0)), 20);
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`stats of a sparse file exited with ${code}`);
  return [
    { part: "memory", name: "stats of a 20 GB file, resident at most", unit: "MB", ours: timing([peak / 1e6]), bar: { atMost: limitMB } },
  ];
}
