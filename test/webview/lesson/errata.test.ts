import assert from "node:assert/strict";
import path from "node:path";
import type { Page } from "playwright-core";
import { sectionIds } from "../../../src/core/lesson/sections";
import { EstimatorSessionHost } from "../../support/webview/estimatorSessionHost";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { PlaygroundSessionHost } from "../../support/webview/playgroundSessionHost";
import { WebviewBrowser } from "../../support/webview/webviewPage";
import { wrongClaimsIn } from "../../support/wrongClaims";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample", "model.safetensors");

/** What is read or heard of a page: its text, with words of controls, and the names of pictures and controls. */
function wordsOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const named = [...document.querySelectorAll("[aria-label], [title], [alt]")].flatMap((element) =>
      ["aria-label", "title", "alt"].map((name) => element.getAttribute(name) ?? ""),
    );
    return [document.body.innerText, ...named].join("\n");
  });
}

describe("Wrong claims of the lesson", function () {
  this.timeout(120_000);
  const browser = WebviewBrowser.use();

  it("are not on the lesson's page, whatever it computed", async () => {
    const host = new LessonSessionHost();
    const { page } = await browser.page(host, { page: "lesson" });
    for (const id of sectionIds) {
      const section = page.locator(`section[data-section=${id}]`);
      await section.scrollIntoViewIfNeeded();
      await section.locator(".section-end").scrollIntoViewIfNeeded();
    }
    // What is measured, too.
    await page.getByRole("button", { name: "Measure", exact: true }).click();
    await page.getByRole("table", { name: /^Products of / }).waitFor();
    await page.locator("main .bar").first().waitFor({ state: "detached" });
    assert.equal(await page.locator("main .bar").count(), 0);
    const words = await wordsOf(page);
    for (const expected of ["28.0 GB = 26.08 GiB", "(137 − 114) × 0.0219608 = 0.505098", "Open lm_head.weight in the editor"])
      assert.ok(words.includes(expected), expected);
    assert.deepEqual(wrongClaimsIn(words), []);
    assert.deepEqual(host.failures, []);
  });

  it("are not in the Playground or the Size Estimator", async () => {
    const playground = await browser.page(new PlaygroundSessionHost(sample, { scheme: "int8-asym-tensor", model: "7B" }), {
      page: "playground",
    });
    await playground.page.getByText("28.0 GB").waitFor();
    assert.deepEqual(wrongClaimsIn(await wordsOf(playground.page)), []);
    const estimator = await browser.page(new EstimatorSessionHost(), { page: "estimate" });
    await estimator.page.getByRole("gridcell", { name: "26.08", exact: true }).first().waitFor();
    assert.deepEqual(wrongClaimsIn(await wordsOf(estimator.page)), []);
  });
});
