import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { estimateMemory } from "../../src/core/estimate/estimateMemory";
import { configuredModel } from "../../src/core/estimate/configShapes";
import { gemma2 } from "../support/modelConfigs";
import { temporaryFolder } from "../support/temporaryFolder";
import { assertAccessible } from "../support/webview/accessible";
import { cells, factsOf, heading, lineOf, names, openEstimator, tableOf, tile } from "../support/webview/estimatorLocators";
import { EstimatorSessionHost } from "../support/webview/estimatorSessionHost";
import { themeNames } from "../support/webview/themes";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");
const GiB = 2 ** 30;

describe("Size Estimator", () => {
  const folder = temporaryFolder();
  const browser = WebviewBrowser.use();

  const open = (choice?: unknown, files: Record<string, string> = {}) => openEstimator(browser, choice, files);

  it("shows the sizes everyone quotes for 7B, in GB and GiB, and every format beside them", async () => {
    const { page, host } = await open();
    const sizes = await Promise.all(["FP32", "FP16 / BF16", "INT8", "INT4"].map(async (name) => (await cells(page, name)).slice(0, 3)));
    assert.deepEqual(sizes, [
      ["32.00", "28.00", "26.08"],
      ["16.00", "14.00", "13.04"],
      ["8.00", "7.00", "6.52"],
      ["4.00", "3.50", "3.26"],
    ]);
    const memories = [8, 32 / 3, 11.4, 22.8].map((gib) => Math.floor(gib * GiB));
    const { rows } = estimateMemory({ parameters: 7e9, types: "every", context: 8192, sequences: 1, memories });
    const shown = await cells(page, "Q4_K_M");
    const row = rows.find(({ type }) => type === "Q4_K_M")!;
    assert.deepEqual(shown.slice(1), [
      `≈ ${(row.bytes / 1e9).toFixed(2)}`,
      `≈ ${(row.bytes / GiB).toFixed(2)}`,
      `≈ ${(row.neededBytes / GiB).toFixed(2)}`,
      ...row.devices.map(({ context }) => context!.toLocaleString("en")),
    ]);
    await page.getByText(`${rows.length} formats`).waitFor();
    await page.getByText("Assumed: layers and attention of Llama-2-7B, 32 layers × 32 KV heads × 128.").waitFor();
    assert.deepEqual(host.failures, []);
  });

  it("answers as one types: size, types and context", async () => {
    const { page } = await open();
    await lineOf(page).fill("70b q4_k_m 32k");
    await page.getByText("1 formats").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Context", exact: true }).inputValue(), "32,768");
    // 2 · 80 layers · 8 heads · 128 · 2 bytes · 32768 tokens
    assert.equal((await tile(page, "KV cache").innerText()).replace(/\s/g, ""), "10.00GiB");
    await page.getByRole("textbox", { name: "Context", exact: true }).fill("8k");
    await tile(page, "KV cache").getByText("2.50").waitFor();
    await page.getByRole("textbox", { name: "Sequences" }).fill("4");
    await tile(page, "KV cache").getByText("10.00").waitFor();
    await lineOf(page).fill("70b banana");
    await page.getByText('"banana" is neither a model, a size, a type nor a context length.').waitFor();
    assert.equal(await tableOf(page).count(), 0);
  });

  it("knows a published model by its name, and lets another size take its place", async () => {
    const { page } = await open();
    await lineOf(page).fill("Gemma 3 27B instruct q4_0");
    await page.getByText("As published: 52 of 62 layers with a sliding window of 1,024 tokens.").waitFor();
    await page.getByText("27,432,406,640 weights · trained for 131,072 tokens").waitFor();
    await page.getByRole("slider", { name: "Weights" }).press("End");
    await factsOf(page).getByText("1,000,000,000,000 weights", { exact: true }).waitFor();
    assert.equal(await lineOf(page).inputValue(), "1T q4_0");
  });

  it("leaves what is no number alone, and asks nothing", async () => {
    const { page } = await open();
    const field = page.getByRole("textbox", { name: "Context", exact: true });
    await field.fill("8 apples");
    await page.locator("vscode-text-field.refused").waitFor();
    await field.press("Tab");
    await page.locator("vscode-text-field.refused").waitFor({ state: "detached" });
    await page.waitForFunction((element) => (element as HTMLInputElement).value === "8,192", await field.elementHandle(), { polling: 50 });
    assert.equal(
      await tile(page, "KV cache")
        .innerText()
        .then((text) => text.replace(/\s/g, "")),
      "4.00GiB",
    );
  });

  it("follows the slider by keyboard, types in the line stay", async () => {
    const { page } = await open({ line: "7B int4" });
    await page.getByRole("slider", { name: "Weights" }).press("End");
    await factsOf(page).getByText("1,000,000,000,000 weights", { exact: true }).waitFor();
    assert.equal(await lineOf(page).inputValue(), "1T int4");
    await page.getByText("layers and attention of Llama-3.1-405B").waitFor();
  });

  it("takes the type of the cache and the shape that are chosen", async () => {
    const { page, host } = await open();
    await page.getByRole("combobox", { name: "Type of the KV cache" }).press("ArrowDown");
    await page.keyboard.press("Escape");
    host.estimator.choose({ ...host.estimator.choice, kvType: "Q8_0", shape: "Llama-3-8B" });
    await tile(page, "KV cache").getByText("0.53").waitFor();
    await page.getByText("layers and attention of Llama-3-8B, 32 layers × 8 KV heads × 128.").waitFor();
  });

  it("reads a checkpoint and a config.json that are chosen, and is exact then", async () => {
    const config = folder("config.json");
    writeFileSync(config, JSON.stringify(gemma2));
    const { page } = await open(undefined, { checkpoint: sample, config });
    const source = (name: string) => page.getByRole("radio", { name });
    await source("Checkpoint").click();
    await factsOf(page).getByText("4,196,608 weights").waitFor();
    await page.getByText("Read, not assumed: 4 layers × 2 KV heads × 64.").waitFor();
    assert.equal(await page.locator(".model-file").innerText(), "sample/model.safetensors");
    await source("config.json").click();
    await factsOf(page).getByText("9,241,705,984 weights · trained for 8,192 tokens").waitFor();
    await page.getByText("21 of 42 layers with a sliding window of 4,096 tokens").waitFor();
    const { shapes } = configuredModel(gemma2, "gemma");
    const [row] = estimateMemory({ shapes, types: ["Q4_K_M"], context: 8192, sequences: 1, memories: [] }).rows;
    assert.equal((await cells(page, "Q4_K_M"))[3], `≈ ${(row!.neededBytes / GiB).toFixed(2)}`);
    await source("Size").click();
    await factsOf(page).getByText("7,000,000,000 weights").waitFor();
  });

  it("sorts, filters, moves and copies by keyboard, and hands out what it shows", async () => {
    const { page, host } = await open();
    await page.getByRole("textbox", { name: "Filter formats" }).fill("q4_k");
    await page.getByText("3 of 76 formats").waitFor();
    const table = tableOf(page);
    await table.focus();
    // Q4_K_M is chosen already: up is the heading, then the columns.
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowRight");
    assert.equal(await table.getAttribute("aria-activedescendant"), "heading-1");
    await page.keyboard.press("Enter");
    assert.equal(await heading(page, "Bits/weight").getAttribute("aria-sort"), "ascending");
    assert.deepEqual(await names(page), ["Q4_K", "Q4_K_S", "Q4_K_M"]);
    await page.keyboard.press("Enter");
    assert.equal(await heading(page, "Bits/weight").getAttribute("aria-sort"), "descending");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    assert.match(await table.locator("[aria-selected=true] th").innerText(), /^Q4_K /);
    await page.keyboard.press("Control+c");
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await page.getByRole("button", { name: "Export…" }).click();
    await page.getByRole("menuitem", { name: "Table as CSV or Markdown…" }).click();
    await until(page, () => document.querySelector("[aria-live=polite]")?.textContent?.startsWith("Saved."));
    assert.equal(host.copied[0]?.split("\t").slice(0, 3).join(), "Q4_K,4.50,3.94");
    assert.deepEqual(host.tables, [
      ["Q4_K_M", "Q4_K_S", "Q4_K"],
      ["Q4_K_M", "Q4_K_S", "Q4_K"],
    ]);
    await page.getByRole("textbox", { name: "Filter formats" }).fill("nothing like it");
    await page.getByText("No format matches “nothing like it”.").waitFor();
  });

  it("compares with other devices, and with one of the user's own", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Choose devices" }).click();
    await page.getByRole("menuitemcheckbox", { name: /^H200/ }).click();
    await heading(page, "H200").waitFor();
    await page.getByRole("menuitemcheckbox", { name: /^RTX 4090/ }).click();
    await heading(page, "RTX 4090").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByRole("textbox", { name: "GiB of a device of your own" }).fill("30.5");
    await heading(page, "Own").waitFor();
    // 30.16 GiB.
    assert.ok((await cells(page, "FP32")).includes("8,704"));
    await page.getByText("Fits on: Mac 16, RTX 3060, Own, H200.").waitFor();
    await page.getByRole("img", { name: /^Bars from 0 to 30\.\d GiB/ }).waitFor();
  });

  it("names every device above the bars, also where all stand at the left end, and hints at the chosen row behind its bar", async () => {
    const { page } = await open();
    await lineOf(page).fill("1T");
    await page.getByRole("img", { name: /^Bars from 0 to 3,?7\d\d/ }).waitFor();
    const boxes = await page.locator(".bars-head text").evaluateAll((labels) =>
      labels.map((label) => {
        const { left, right, top, bottom } = label.getBoundingClientRect();
        return { text: label.textContent ?? "", left, right, top, bottom };
      }),
    );
    assert.deepEqual(
      boxes.map(({ text }) => text),
      ["Phone 16, 8", "Mac 16, 10.7", "RTX 3060, 11.4", "RTX 4090, 22.8"],
    );
    const head = (await page.locator(".bars-head").boundingBox())!;
    for (const [i, one] of boxes.entries()) {
      assert.ok(one.top >= head.y - 1 && one.bottom <= head.y + head.height + 1, one.text);
      // Lines of letters overlap by their leading.
      for (const other of boxes.slice(i + 1)) assert.ok(one.bottom - other.top <= 3 || other.bottom - one.top <= 3, one.text + other.text);
    }
    const behind = (index: number) =>
      page
        .locator(".estimate-grid tbody tr")
        .nth(index)
        .locator(".bars-cell")
        .evaluate((cell) => getComputedStyle(cell).backgroundColor);
    await page.locator(".estimate-grid tbody th").nth(2).click();
    await page.locator(".estimate-grid tbody tr").nth(2).and(page.locator("[aria-selected=true]")).waitFor();
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.notEqual(ground, "rgba(0, 0, 0, 0)");
    for (const other of [ground, await behind(3)]) assert.notEqual(await behind(2), other);
  });

  it("comes back as it was", async () => {
    const { page, host } = await open();
    await lineOf(page).fill("13B");
    await factsOf(page).getByText("13,000,000,000 weights").waitFor();
    await page.getByRole("textbox", { name: "Filter formats" }).fill("mxfp");
    await heading(page, "Total, GiB").click();
    const before = await names(page);
    await page.reload();
    await factsOf(page).getByText("13,000,000,000 weights").waitFor();
    assert.deepEqual(await names(page), before);
    assert.equal(await heading(page, "Total, GiB").getAttribute("aria-sort"), "ascending");
    const stored = JSON.parse((await page.evaluate(() => sessionStorage.getItem("vscode-state"))) ?? "{}") as Record<string, unknown>;
    assert.deepEqual(stored.choice, host.estimator.choice);
  });

  for (const theme of themeNames) {
    it(`is accessible in ${theme}`, async function () {
      this.timeout(60_000);
      const host = new EstimatorSessionHost({ line: "7B", customGib: 5 });
      const { page } = await browser.page(host, { page: "estimate", theme });
      await page.getByText("How this is computed").click();
      await page.getByText("Working memory").last().waitFor();
      await assertAccessible(page, "estimator");
      await page.getByRole("button", { name: "Choose devices" }).click();
      await assertAccessible(page, "the devices");
      await page.keyboard.press("Escape");
      await page.setViewportSize({ width: 480, height: 700 });
      await assertAccessible(page, "estimator in a narrow window");
    });
  }
});
