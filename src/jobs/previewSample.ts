import type { Scheme } from "../core/quant/scheme";
import { costPerValue, valuesPerTask } from "./schemeCost";
import { type Slice, sliceFrom } from "./tasks/slice";
import { cutSlice } from "./tensorPlan";

/** Milliseconds a preview may take before a sample is shown first, and about as long as the sample takes. */
const patienceMs = 150;
const sampleMs = 80;

/** Values below which a task is more bother than work. */
const leastValues = 2 ** 18;

/** All of a tensor, cut so that every thread has work at once and none is held for long. */
export function previewSlices(scheme: Scheme, slice: Slice, unit: number, threads: number): Slice[][] {
  const share = Math.max(leastValues, slice.values / (2 * threads));
  return cutSlice(slice, unit, Math.min(share, valuesPerTask([scheme]))).map((piece) => [piece]);
}

/**
 * Runs of values spread evenly over a tensor, few enough to be measured at once; undefined where all of them are. One
 * list for each task.
 */
export function previewSample(scheme: Scheme, slice: Slice, unit: number, threads: number): Slice[][] | undefined {
  const ns = costPerValue(scheme) / threads;
  if (slice.values * ns <= patienceMs * 1e6) return undefined;
  const run = Math.max(unit, Math.ceil(shortestRun / unit) * unit);
  const places = Math.floor(slice.values / run);
  const count = Math.max(1, Math.floor((sampleMs * 1e6) / ns / run));
  if (count >= places) return undefined;
  const runs = Array.from({ length: count }, (_, i) => sliceFrom(slice, Math.floor(((i + 0.5) * places) / count) * run, run));
  const tasks = Math.min(count, threads);
  return Array.from({ length: tasks }, (_, task) => runs.filter((_, i) => i % tasks === task));
}

/** Values read at one place: a few, so that the sample is spread, but not so few that reading outweighs computing. */
const shortestRun = 4096;
