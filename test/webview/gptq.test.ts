import assert from "node:assert/strict";
import { gptqProtocol } from "../../src/protocol/gptq";
import { assertAccessible } from "../support/webview/accessible";
import { readyGptq, type ReadyGptq, ScriptedGptqHost, syntheticFigures, syntheticSettings } from "../support/webview/scriptedGptqHost";
import { themeNames } from "../support/webview/themes";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

describe("GPTQ page", () => {
  const browser = WebviewBrowser.use();

  async function open(patch: Partial<ReadyGptq> = {}) {
    const host = new ScriptedGptqHost(() => readyGptq(patch));
    const { page } = await browser.page(host, { page: "gptq" });
    await page.locator(".gptq-page h1").waitFor();
    /** The last request, once it has come. */
    const asked = async (name: string): Promise<unknown> => {
      for (let wait = 0; wait < 100 && host.asked.at(-1)?.name !== name; wait++) await page.waitForTimeout(20);
      assert.equal(host.asked.at(-1)?.name, name);
      return host.asked.at(-1)!.params;
    };
    return { host, page, asked };
  }

  it("says in a sentence what GPTQ gains, and in one for each figure what its setting does", async () => {
    const { page } = await open();
    await page.getByRole("heading", { level: 2, name: "model.layers.0.block.down_proj.weight" }).waitFor();
    await page
      .getByText("GPTQ's output error at 4 bits, groups of 128, is 0.40× that of round-to-nearest on activations it did not see.")
      .waitFor();
    for (const sentence of [
      "At 4 bits, groups of 128, GPTQ's output error is least with a damping of 0.005: 0.38× that of round-to-nearest.",
      "At 4 bits, groups of 32 have 0.50× the output error of whole rows with GPTQ, and 0.50× with round-to-nearest.",
      "With groups of 128, GPTQ's output error is 0.35× that of round-to-nearest at 2 bits, and 0.50× at 8 bits.",
    ]) {
      await page.locator("p", { hasText: sentence }).waitFor();
      await page.locator(`[role=img][aria-label*="${sentence}"]`).waitFor();
    }
    await page.getByText("768 tokens to quantize with, 256 to judge on").waitFor();
  });

  it("shows weight RMSE beside output error, and says why it ranks nothing", async () => {
    const { page } = await open();
    const section = page.getByRole("region", { name: "Why weight RMSE ranks nothing" });
    assert.deepEqual(await section.getByRole("cell").allInnerTexts(), ["0.0100", "0.00300", "0.00400", "0.00330"]);
    assert.deepEqual(await section.locator("td.strong").allInnerTexts(), ["0.00300", "0.00400"]);
    await section.getByText("Here GPTQ has 1.1× the weight RMSE of round-to-nearest, and 0.40× its output error.").waitFor();
  });

  it("has a table for each figure, columns as runs, output errors or weights", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Show as table" }).click();
    assert.equal(await page.locator("canvas").count(), 0);
    const groups = page.getByRole("region", { name: /^Output error against group size\./ });
    assert.deepEqual(await groups.getByRole("rowheader").allInnerTexts(), ["32", "64", "128", "row"]);
    const columns = page.getByRole("region", { name: /^Error per input column, before and after\./ });
    assert.deepEqual((await columns.getByRole("rowheader").allInnerTexts()).slice(0, 2), ["0–7", "8–15"]);
    assert.equal(await columns.getByRole("rowheader").count(), 96);
    await page.getByRole("radio", { name: "Weight RMSE" }).click();
    assert.deepEqual(await columns.getByRole("row").nth(1).getByRole("cell").allInnerTexts(), ["0.00300", "0.00330"]);
  });

  it("saves each figure as a PNG with its title and the key to its lines, and none while tables are shown", async () => {
    const { page, host, asked } = await open();
    const announced = (text: string) =>
      until(page, (wanted) => document.querySelector("[aria-live=polite].sr")?.textContent?.includes(wanted), text);
    const columns = page.locator("section", { has: page.getByRole("heading", { name: "Error per input column, before and after" }) });
    const chart = columns.locator("canvas");
    await chart.waitFor();
    assert.equal(await page.getByRole("button", { name: "Save as PNG…" }).count(), 4);
    await page.getByRole("button", { name: "Save as PNG…" }).last().click();
    await announced("Saved.");
    const { name, dataUrl } = (await asked("save")) as { name: string; dataUrl: string };
    assert.equal(name, "model.layers.0.block.down_proj.weight.gptq.columns.png");
    // What was drawn, and 28 pixels for the title and 18 for each of two lines.
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, dataUrl);
    const drawn = await chart.evaluate((canvas) => [(canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height]);
    assert.deepEqual(size, [drawn[0]!, drawn[1]! + 28 + 2 * 18]);
    await page.getByRole("button", { name: "Save as PNG…" }).first().click();
    await page.waitForTimeout(50);
    assert.equal(((await asked("save")) as { name: string }).name, "model.layers.0.block.down_proj.weight.gptq.damping.png");
    await page.getByRole("button", { name: "Show as table" }).click();
    await page.getByRole("button", { name: "Save as PNG…" }).first().click();
    await announced("The table is shown; there is no figure to save.");
    assert.equal(host.asked.length, 2);
  });

  it("asks for other settings and another layer, by mouse and keyboard", async () => {
    const { page, asked } = await open();
    await page.getByRole("radio", { name: "3", exact: true }).click();
    assert.deepEqual(await asked("setSettings"), { ...syntheticSettings, bits: 3 });
    await page.getByRole("radiogroup", { name: "Group size" }).getByRole("radio", { name: "128" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(50);
    assert.deepEqual(await asked("setSettings"), { ...syntheticSettings, groupSize: -1 });
    await page.getByRole("checkbox", { name: "Symmetric" }).click();
    await page.waitForTimeout(50);
    assert.deepEqual(await asked("setSettings"), { ...syntheticSettings, symmetric: false });
    await page.getByRole("combobox", { name: "Layer" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.deepEqual(await asked("setLayer"), { layer: 3 });
    await page.getByRole("button", { name: "Show Weight" }).click();
    await asked("openTensor");
  });

  it("fills while settings are measured, and can be cancelled and continued", async () => {
    const none = { gptq: null, rtn: null };
    const sweeps = { damping: [{ value: 0.01, ...none }], groupSize: [{ value: 128, ...none }], bits: [{ value: 4, ...none }] };
    const run = { kind: "running", phase: "model", doneBytes: 1, totalBytes: 4, elapsedMs: 1000 } as const;
    const { page, host, asked } = await open({ figures: { sweeps, ...none }, run, text: { name: "words.txt" } });
    await page.getByText("Running the model: 25.0 %").waitFor();
    const text = { name: "words.txt", tokens: { calibration: 768, heldOut: 256 } };
    await host.connection.sendNotification(gptqProtocol.run, { run: { ...run, phase: "settings" }, text });
    await page.getByText("Not all of it is measured yet.").first().waitFor();
    await host.connection.sendNotification(gptqProtocol.figures, syntheticFigures());
    await page.getByText("is 0.40× that of round-to-nearest on activations it did not see.").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await asked("cancel");
    await host.connection.sendNotification(gptqProtocol.run, { run: { kind: "cancelled" }, text });
    await page.getByRole("button", { name: "Continue" }).click();
    await asked("start");
  });

  it("says where GPTQ fits what is peculiar to a short text, and where more damping was needed", async () => {
    const { gptq, rtn } = syntheticFigures();
    const { page } = await open({ figures: syntheticFigures({ gptq: { ...gptq!, outputError: 0.02, damping: 0.03 }, rtn }) });
    await page.getByText("It was fitted to 768 tokens for 768 columns").waitFor();
    await page.getByText("The Hessian cannot be inverted with so little damping: 0.0300 was added.").waitFor();
  });

  it("says what cannot be explored, and begins when asked to", async () => {
    const none = { sweeps: { damping: [], groupSize: [], bits: [] }, gptq: null, rtn: null };
    const { page } = await open({ layers: [], layer: 0, figures: none, run: { kind: "failed", message: "no such model" } });
    await page.getByRole("alert").getByText("Exploring failed: no such model").waitFor();
    const other = await open({ figures: none, run: { kind: "none" }, text: { name: "Sample text" } });
    await other.page.getByRole("button", { name: "Run on Sample text" }).click();
    await other.asked("start");
  });

  for (const theme of themeNames) {
    it(`has no finding of axe in ${theme}, as figures and as tables, wide and narrow`, async function () {
      this.timeout(90_000);
      const { page } = await browser.page(new ScriptedGptqHost(() => readyGptq()), { page: "gptq", theme });
      await page.locator("qs-lines-view canvas").first().waitFor();
      await assertAccessible(page, `${theme}, figures`);
      if (process.env.GPTQ_SHOTS) await page.screenshot({ path: `out/gptq-${theme}.png` });
      await page.getByRole("button", { name: "Show as table" }).click();
      await page.setViewportSize({ width: 760, height: 900 });
      await assertAccessible(page, `${theme}, tables`);
    });
  }
});
