import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Fails with every rule of axe that the page breaks, and where. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  // What passes is not looked at any closer: that is most of the time it takes.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .analyze();
  const found = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n    ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("\n    ")}`,
  );
  assert.deepEqual(found, [], what);
}
