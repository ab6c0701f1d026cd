import assert from "node:assert/strict";
import path from "node:path";
import type { PageName } from "../../src/extension/editor/pageDocument";
import { EstimatorSessionHost } from "../support/webview/estimatorSessionHost";
import { PlaygroundSessionHost } from "../support/webview/playgroundSessionHost";
import { readyCalibration, ScriptedCalibrationHost } from "../support/webview/scriptedCalibrationHost";
import { readyGptq, ScriptedGptqHost } from "../support/webview/scriptedGptqHost";
import { SessionPageHost } from "../support/webview/sessionHost";
import { until } from "../support/webview/until";
import { type PageHost, WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

/** Pages, what is there when they are drawn, and whether they scroll as a whole. */
const pages: { page: PageName; host(): PageHost; drawn: string; scrolls?: boolean }[] = [
  { page: "estimate", host: () => new EstimatorSessionHost(), drawn: ".estimate-grid tbody tr" },
  { page: "calibration", host: () => new ScriptedCalibrationHost(() => readyCalibration()), drawn: ".inputs-row" },
  { page: "gptq", host: () => new ScriptedGptqHost(() => readyGptq()), drawn: "canvas" },
  { page: "playground", host: () => new PlaygroundSessionHost(sample), drawn: "qs-playground-quality canvas", scrolls: true },
];

describe("Pages in windows of all widths", function () {
  this.timeout(60_000);
  const browser = WebviewBrowser.use();

  for (const { page: name, host, drawn, scrolls } of pages) {
    it(`${name}: nothing reaches out of the page`, async () => {
      const { page } = await browser.page(host(), { page: name });
      await page.locator(drawn).first().waitFor();
      for (const width of [1400, 900, 480]) {
        await page.setViewportSize({ width, height: 900 });
        // Charts are drawn for the new width in the frames after.
        await until(
          page,
          (downToo) => {
            const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
            return scrollWidth === clientWidth && (!downToo || scrollHeight === clientHeight);
          },
          scrolls !== true,
        );
      }
    });
  }

  it("checkpoint: scrolls where it is low, so that list and figures keep a usable height", async () => {
    const { page } = await browser.page(new SessionPageHost(sample), { width: 590, height: 380 });
    await page.locator("qs-figure-view canvas").first().waitFor();
    const heights = await page.evaluate(() => ["[role=treegrid]", ".pane"].map((part) => document.querySelector(part)!.clientHeight));
    assert.ok(heights[0]! > 100 && heights[1]! > 150, heights.join(", "));
    await page.mouse.move(300, 20);
    await page.mouse.wheel(0, 1000);
    const box = (await page.locator("qs-figure-view canvas").first().boundingBox())!;
    assert.ok(box.y + 60 < 380, `the figure begins at ${box.y}`);
    await page.setViewportSize({ width: 590, height: 700 });
    await until(page, () => document.documentElement.scrollHeight === document.documentElement.clientHeight);
  });

  it("shows all facts of the header in a narrow window", async () => {
    const { page } = await browser.page(new ScriptedGptqHost(() => readyGptq()), { page: "gptq", width: 480 });
    const facts = page.locator(".facts-strip > *");
    await facts.first().waitFor();
    const seen = await facts.evaluateAll((all) =>
      all.map((fact) => {
        const { left, right, top, bottom } = fact.getBoundingClientRect();
        const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return right <= innerWidth && at !== null && fact.contains(at);
      }),
    );
    assert.ok(seen.length > 1);
    assert.ok(seen.every(Boolean), JSON.stringify(seen));
  });
});
