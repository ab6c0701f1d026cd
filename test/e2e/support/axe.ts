import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame } from "playwright-core";

interface AxeResults {
  passes: unknown[];
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

interface AxeWindow {
  axe: { run(context: Document): Promise<AxeResults> };
}

// axe-core comes with its Playwright package, which itself only knows whole pages.
const source = readFileSync(createRequire(require.resolve("@axe-core/playwright")).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Fails with every violation of axe-core's rules in the document of a frame. Its source is evaluated there, which the
 * content security policy of the page does not stop.
 */
export async function expectAccessible(frame: Frame, what: string): Promise<void> {
  await frame.evaluate(source);
  const { passes, violations } = await frame.evaluate(() => (window as unknown as AxeWindow).axe.run(document));
  const findings = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
  assert.deepEqual(findings, [], `axe on ${what}`);
  assert.ok(passes.length > 10, `axe applied only ${passes.length} rules to ${what}`);
}
