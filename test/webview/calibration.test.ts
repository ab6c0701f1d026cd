import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { calibrationProtocol } from "../../src/protocol/calibration";
import { assertAccessible } from "../support/webview/accessible";
import {
  readyCalibration,
  type ReadyCalibration,
  ScriptedCalibrationHost,
  syntheticInput,
} from "../support/webview/scriptedCalibrationHost";
import { themeNames } from "../support/webview/themes";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const gridOf = (page: Page) => page.getByRole("grid", { name: "Inputs of the linear layers" });
const sliderOf = (page: Page) => page.getByRole("slider", { name: "Clipping threshold" });
const mapOf = (page: Page) => page.getByRole("grid", { name: "Inputs and runs of channels" });
const methodsOf = (page: Page) => page.getByRole("region", { name: "What the methods choose" });

/** Names of the rows in view, from above. */
function names(page: Page): Promise<string[]> {
  return gridOf(page)
    .locator(".inputs-body .inputs-row")
    .evaluateAll((rows) =>
      [...rows]
        .sort((a, b) => Number(a.getAttribute("aria-rowindex")) - Number(b.getAttribute("aria-rowindex")))
        .map((row) => row.querySelector<HTMLElement>(".inputs-name")?.innerText.trim() ?? ""),
    );
}

/** The value that the slider says, once it is not `before`. */
async function movedFrom(page: Page, before: number): Promise<number> {
  await until(page, (old) => Number(document.querySelector("[role=slider]")?.getAttribute("aria-valuenow")) !== old, before);
  return Number(await sliderOf(page).getAttribute("aria-valuenow"));
}

describe("Calibration page", () => {
  const browser = WebviewBrowser.use();

  async function open(patch: Partial<ReadyCalibration> = {}, options: { width?: number; height?: number } = {}) {
    const host = new ScriptedCalibrationHost(() => readyCalibration(patch));
    const webview = await browser.page(host, { page: "calibration", ...options });
    const { page } = webview;
    await page.locator(".calibration-page h1").waitFor();
    return { host, webview, page, grid: gridOf(page) };
  }

  it("lists inputs in the order of the model, with what each method makes of them, the best in bold", async () => {
    const { page, grid } = await open();
    assert.deepEqual((await names(page)).slice(0, 4), ["0 · q, k, v", "0 · o", "0 · gate, up", "0 · down"]);
    const first = grid.getByRole("row").nth(1);
    assert.deepEqual(await first.getByRole("gridcell").allInnerTexts(), [
      "−4.00",
      "2.00",
      "4.00",
      "4.0×",
      "30.0",
      "31.0",
      "32.0",
      "33.0",
      "40.0",
    ]);
    assert.deepEqual(await first.locator(".best").allInnerTexts(), ["33.0"]);
    await page.getByRole("radio", { name: "Zero-point" }).click();
    assert.deepEqual((await first.getByRole("gridcell").allInnerTexts()).slice(4), ["128", "128", "128", "128"]);
    await page.getByText("4 samples × 128 tokens").waitFor();
  });

  it("sorts by a heading, the greatest first, and filters", async () => {
    const { page, grid } = await open();
    const heading = grid.getByRole("columnheader", { name: "Outliers" });
    await heading.click();
    assert.equal((await names(page))[0], "1 · down");
    assert.equal(await heading.getAttribute("aria-sort"), "descending");
    await heading.click();
    assert.equal((await names(page))[0], "0 · q, k, v");
    await page.getByRole("textbox", { name: "Filter inputs" }).fill("o_proj");
    await page.getByText("2 of 8 inputs").waitFor();
    assert.deepEqual(await names(page), ["0 · o", "1 · o"]);
  });

  it("shows the input with the worst outliers first, and another when it is chosen by the keyboard", async () => {
    const { page, host, grid } = await open();
    await page.getByRole("heading", { level: 2, name: "1 · down" }).waitFor();
    await grid.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.getByRole("heading", { level: 2, name: "0 · o" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(50);
    assert.deepEqual(host.asked.at(-1), { name: "openTensor", params: { name: "model.layers.0.block.o_proj.weight" } });
  });

  it("has a threshold that the keyboard moves: the host judges it, and it is said in words", async () => {
    const { page, host } = await open();
    const slider = sliderOf(page);
    await slider.focus();
    assert.equal(Number(await slider.getAttribute("aria-valuenow")), 11);
    await page.keyboard.press("PageDown");
    const once = await movedFrom(page, 11);
    assert.ok(Math.abs(once - (11 - (10 * 11) / 128)) < 1e-9, String(once));
    await page.getByText(/Clipped to ±10\.1: 78 of 65,536 values \(1,190 per million\), MSE ≈ 0\.1/).waitFor();
    assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /Clipped to ±10\.1: 78 of/);
    assert.deepEqual(host.asked.at(-1), { name: "threshold", params: { input: 7, threshold: once } });
    await page.keyboard.press("Home");
    assert.ok(Math.abs((await movedFrom(page, once)) - 11 / 128) < 1e-9);
    const yours = methodsOf(page).getByRole("row").filter({ hasText: "Yours" });
    await yours.getByText(/≈/).waitFor();
    assert.equal((await yours.getByRole("cell").allInnerTexts()).at(-1), "–", "no divergence where there are too few bins");
  });

  it("has a threshold that the mouse drags, and a field to type it", async () => {
    const { page } = await open();
    const box = (await page.locator(".plot-area").boundingBox())!;
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width - 2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
    await page.mouse.up();
    await page.getByText(/Clipped to ±5\.5/).waitFor();
    await page.mouse.move(box.x + 10, y);
    assert.ok(Math.abs(Number(await sliderOf(page).getAttribute("aria-valuenow")) - 5.5) < 0.05, "let go, it stays");
    const field = page.getByRole("textbox", { name: "Threshold" });
    await field.fill("2.5");
    await field.press("Enter");
    await page.getByText(/Clipped to ±2\.50: 773 of 65,536/).waitFor();
  });

  it("lists what the methods chose, ONNX Runtime's search when it is there, and marks them in the figure", async () => {
    const { page } = await open();
    const rows = methodsOf(page).getByRole("row");
    await rows.filter({ hasText: "ONNX" }).getByText("≈").waitFor();
    assert.deepEqual((await methodsOf(page).getByRole("rowheader").allInnerTexts()).slice(0, 6), [
      "Min–max",
      "99.99 %",
      "MSE",
      "Entropy",
      "Entropy, ONNX Runtime",
      "Yours",
    ]);
    assert.deepEqual((await page.locator(".plot-mark span").allInnerTexts()).sort(), [
      "99.99 %",
      "Entropy",
      "Entropy, ONNX Runtime",
      "MSE",
      "Min–max",
    ]);
  });

  it("has a table for each figure", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Show as table" }).click();
    assert.equal(await page.getByRole("region", { name: "Magnitudes as a table" }).getByRole("row").count(), 129);
    const curve = page.getByRole("region", { name: /^Mean squared error and Kullback/ });
    assert.equal(await curve.getByRole("row").count(), 65);
    const sweep = page.getByRole("region", { name: /^More samples may still change/ });
    assert.deepEqual(await sweep.getByRole("rowheader").allInnerTexts(), ["1", "2", "4"]);
    assert.equal(
      await page
        .getByRole("region", { name: /^A range of its own/ })
        .getByRole("row")
        .count(),
      9,
    );
    assert.equal(await page.locator("canvas").count(), 0);
  });

  it("saves each chart of lines as a PNG with its title and the key to its lines, and none while tables are shown", async () => {
    const { page, host } = await open();
    const announced = (text: string) =>
      until(page, (wanted) => document.querySelector("[aria-live=polite].sr")?.textContent?.includes(wanted), text);
    const sectionOf = (name: string) => page.locator("section", { has: page.getByRole("heading", { name }) });
    const saves = page.getByRole("button", { name: "Save as PNG…" });
    await sectionOf("Static against dynamic").locator("canvas").waitFor();
    await sectionOf("What each threshold costs").locator("canvas").waitFor();
    assert.equal(await saves.count(), 3);
    for (const name of ["What each threshold costs", "How much data is enough", "Static against dynamic"])
      await sectionOf(name).getByRole("button", { name: "Save as PNG…" }).click();
    await announced("Saved.");
    await page.waitForTimeout(50);
    const saved = host.asked.filter(({ name }) => name === "save").map(({ params }) => params as { name: string; dataUrl: string });
    const input = (await page.locator(".calibration-side h2").first().getAttribute("title"))!;
    assert.deepEqual(
      saved.map(({ name }) => name),
      [`${input}.calibration.thresholds.png`, `${input}.calibration.samples.png`, "synthetic.safetensors.calibration.dynamic.png"],
    );
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, saved[0]!.dataUrl);
    const chart = sectionOf("What each threshold costs").locator("canvas");
    const drawn = await chart.evaluate((canvas) => [(canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height]);
    // What was drawn, and 28 pixels for the title and 18 for each of two lines.
    assert.deepEqual(size, [drawn[0]!, drawn[1]! + 28 + 2 * 18]);
    await page.getByRole("button", { name: "Show as table" }).click();
    await saves.first().click();
    await announced("The table is shown; there is no figure to save.");
    assert.equal(host.asked.filter(({ name }) => name === "save").length, 3);
  });

  it("maps outlier channels by input, says each cell, and moves in it by the keyboard", async () => {
    const { page } = await open();
    const cell = mapOf(page).locator('[data-cell="7-2"]');
    assert.equal(await cell.getAttribute("aria-label"), "channels 4–5: 11×");
    await mapOf(page).locator('[data-cell="0-0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-cell")), "1-1");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 2, name: "0 · o" }).waitFor();
    await page.getByRole("heading", { name: "Largest channels of 0 · o" }).waitFor();
    assert.match(await page.locator(".worst-channels li").first().innerText(), /^5\s*5\.00\s*5\.0×$/);
  });

  it("grows while the model runs, says how far it is, and can be cancelled", async () => {
    const running = { kind: "running", doneBytes: 1, totalBytes: 4, elapsedMs: 1000 } as const;
    const { page, host } = await open({ inputs: [], run: running });
    await page.getByText("Running the model: 25.0 %").waitFor();
    await host.connection.sendNotification(calibrationProtocol.inputs, [syntheticInput(0)]);
    await host.connection.sendNotification(calibrationProtocol.inputs, [syntheticInput(1)]);
    await page.getByText("2 inputs measured").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.waitForTimeout(50);
    assert.equal(host.asked.at(-1)?.name, "cancel");
    const text = { name: "words.txt", samples: 4, tokens: 512 };
    await host.connection.sendNotification(calibrationProtocol.run, { run: { kind: "cancelled" }, text });
    await page.getByRole("button", { name: "Start again" }).click();
    await page.waitForTimeout(50);
    assert.equal(host.asked.at(-1)?.name, "start");
  });

  it("says what went wrong, and what it waits for", async () => {
    const { page } = await open({ inputs: [], run: { kind: "failed", message: "The model has no tokenizer" } });
    await page.getByRole("alert").getByText("The model has no tokenizer").waitFor();
    const fresh = await open({ inputs: [], run: { kind: "none" }, text: { name: "words.txt" } });
    await fresh.page.getByRole("button", { name: "Run on words.txt" }).click();
    await fresh.page.waitForTimeout(50);
    assert.equal(fresh.host.asked.at(-1)?.name, "start");
  });

  it("asks for other bits, another text, an importance matrix and a report", async () => {
    const { page, host } = await open();
    await page.getByRole("radiogroup", { name: "Bits" }).getByRole("radio", { name: "4" }).click();
    for (const name of ["Other Text…", "Collect Importance Matrix…", "Export…"]) await page.getByRole("button", { name }).click();
    await page.waitForTimeout(50);
    assert.deepEqual(
      host.asked.filter(({ name }) => name !== "threshold").map(({ name }) => name),
      ["setBits", "chooseText", "collectImatrix", "export"],
    );
    assert.deepEqual(host.asked[0]?.params, { bits: 4 });
  });

  it("comes back as it was left: figure, sorting, input, threshold", async () => {
    const { page, webview } = await open();
    await page.getByRole("radio", { name: "Scale" }).click();
    await gridOf(page).getByRole("columnheader", { name: "Outliers" }).click();
    await gridOf(page).getByRole("row").filter({ hasText: "0 · gate, up" }).click();
    await sliderOf(page).focus();
    await page.keyboard.press("PageDown");
    const threshold = await movedFrom(page, 6);
    await webview.load();
    await page.getByRole("heading", { level: 2, name: "0 · gate, up" }).waitFor();
    assert.equal(Number(await sliderOf(page).getAttribute("aria-valuenow")), threshold);
    assert.equal(await page.getByRole("radio", { name: "Scale" }).getAttribute("aria-checked"), "true");
    assert.equal((await names(page))[0], "1 · down");
    await page.getByText(/Clipped to ±5\.53/).waitFor();
  });

  it("draws only the rows in view of a large model", async () => {
    const { page, grid } = await open({ inputs: Array.from({ length: 500 }, (_, place) => syntheticInput(place)) });
    assert.equal(await grid.getAttribute("aria-rowcount"), "501");
    assert.ok((await grid.getByRole("row").count()) < 80);
    await grid.focus();
    await page.keyboard.press("Control+ArrowDown");
    await grid.getByRole("row").filter({ hasText: "124 · down" }).waitFor();
  });

  for (const theme of themeNames) {
    it(`has no finding of axe in ${theme}, as figures and as tables, wide and narrow`, async function () {
      // Two runs over a page with hundreds of cells.
      this.timeout(90_000);
      const host = new ScriptedCalibrationHost(() => readyCalibration());
      const { page } = await browser.page(host, { page: "calibration", theme });
      await page.locator("qs-lines-view canvas").first().waitFor();
      await assertAccessible(page, `${theme}, figures`);
      await page.getByRole("button", { name: "Show as table" }).click();
      await page.setViewportSize({ width: 760, height: 900 });
      await assertAccessible(page, `${theme}, tables`);
    });
  }
});
