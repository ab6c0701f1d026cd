import assert from "node:assert/strict";
import path from "node:path";
import type { StatsReport } from "../../src/jobs/contract";
import { type FixtureFile, readFixtureIndex } from "./fixtureIndex";
import { sharedOrSkip } from "./shared";

/** What was compared of the fixtures of one format. */
export interface FixtureCount {
  files: number;
  tensors: number;
  hashes: number;
  figures: number;
}

/**
 * A test for each format, which checks every fixture of it and says how much was compared.
 *
 * @param formats names, and how many files there are at least
 */
export function itHoldsFixtures(
  formats: readonly (readonly [format: string, least: number])[],
  check: (full: string, file: FixtureFile, count: FixtureCount) => Promise<void>,
): void {
  for (const [format, least] of formats) {
    it(`${format}: names, types, shapes, every byte, least, largest and mean value`, async function () {
      const root = path.dirname(sharedOrSkip(this, "fixtures/index.json"));
      const files = readFixtureIndex(root, format);
      assert.ok(files.length >= least);
      const count: FixtureCount = { files: files.length, tensors: 0, hashes: 0, figures: 0 };
      for (const file of files) await check(path.join(root, file.path), file, count);
      console.log(`      ${count.files} files, ${count.tensors} tensors, ${count.hashes} hashes, ${count.figures} figures, 0 mismatches`);
    });
  }
}

/** The figures of a report by the names of their tensors. */
export function figuresByName({ tensors }: StatsReport): ReadonlyMap<string, StatsReport["tensors"][number]> {
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}
