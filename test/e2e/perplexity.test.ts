import assert from "node:assert/strict";
import path from "node:path";
import { expectAccessible } from "./support/axe";
import { ownWindow, pictures } from "./support/ownWindow";
import { copySample } from "./support/sampleModel";
import { takeSampleText } from "./support/sampleText";

/** *Measure Perplexity…* as a user goes through it. */
describe("perplexity", function () {
  this.timeout(300_000);
  const window = ownWindow("perplexity", { fill: copySample, size: { width: 1360, height: 960 } });

  it("asks for a text and for types, and shows what they do to it", async () => {
    const { workbench, page } = window;
    await workbench.openCheckpoint("model.safetensors");
    await workbench.run("Quantscope: Measure Perplexity");
    await takeSampleText(workbench, { tokens: 256 });
    // The usual types are picked already.
    await workbench.quickInput.locator('.monaco-list-row[aria-label*="Q8_0"]').first().waitFor();
    await page.keyboard.press("Enter");

    await workbench.tab("Perplexity: model.safetensors").waitFor();
    const frame = page.frameLocator("iframe.webview.ready:visible").frameLocator("iframe#active-frame");
    await frame.getByText("≈ sampled: the first windows").waitFor();
    await frame.locator("main:not(:has([role=progressbar]))").waitFor({ timeout: 180_000 });
    const table = frame.getByRole("grid", { name: "Perplexity of each type" });
    assert.equal(await table.getByRole("row").count(), 11);
    await frame.getByRole("option").first().waitFor();
    await expectAccessible(await workbench.editorFrame(), "Perplexity");
    await workbench.run("View: Toggle Primary Side Bar Visibility");
    await page.mouse.move(300, 4);
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(pictures, "perplexity-dark.png"), caret: "hide" });
  });
});
