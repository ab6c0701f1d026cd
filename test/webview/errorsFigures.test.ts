import assert from "node:assert/strict";
import { gridOf, heatOf } from "../support/webview/errorsLocators";
import { readyErrors, ScriptedErrorsHost } from "../support/webview/scriptedErrorsHost";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

describe("figures of the Errors page", () => {
  const browser = WebviewBrowser.use();

  async function open() {
    const host = new ScriptedErrorsHost(() => readyErrors());
    const { page } = await browser.page(host, { page: "errors" });
    await page.locator(".errors-page h1").waitFor();
    return { host, page, grid: gridOf(page), heat: heatOf(page) };
  }

  it("draws layers by kinds in the order of a model, the worst framed, tensors outside of layers last", async () => {
    const { page, heat, host } = await open();
    assert.deepEqual(await heat.getByRole("columnheader").allInnerTexts(), ["q", "k", "up", "down"]);
    assert.deepEqual(await heat.getByRole("rowheader").allInnerTexts(), ["layer 0", "layer 1", "layer 2", "ends"]);
    assert.equal((await heat.locator(".worst").innerText()).trim(), "7.08");
    assert.equal((await heat.locator("[data-cell='3-0']").innerText()).trim(), "embed_tokens 7.00");
    await heat.locator("[data-cell='0-0']").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-cell")), "1-1");
    await page.keyboard.press(" ");
    assert.equal(
      await gridOf(page).locator("[aria-selected=true] .errors-name").getAttribute("title"),
      "model.layers.1.block.k_proj.weight",
    );
    await page.keyboard.press("Enter");
    assert.deepEqual(host.asked, [{ name: "openTensor", params: { tensor: 7 } }]);
    for (let press = 0; press < 5; press++) await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-cell")), "3-0");
  });

  it("draws types against their size, with a cursor for keys and a twin to read", async () => {
    const { page, host } = await open();
    const chart = page.getByRole("img", { name: "relative RMSE against bits per weight for 3 types; 2 are on the Pareto front." });
    await chart.focus();
    await page.keyboard.press("End");
    await page.getByText("Q8_0: 0.50 % at 8.50 bits per weight, on the Pareto front").first().waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("MXFP4: 11.0 % at 4.75 bits per weight, another type is as small and better").first().waitFor();
    await page.keyboard.press("Enter");
    assert.equal(await gridOf(page).locator("[aria-sort=descending]").innerText(), "MXFP4 ▾");
    await page.getByRole("button", { name: "Save as PNG…" }).click();
    await until(page, () => document.querySelector("[aria-live=polite].sr")?.textContent?.includes("Saved."));
    const save = host.asked.find(({ name }) => name === "save")?.params as { name: string; dataUrl: string };
    assert.equal(save.name, "synthetic.safetensors.types.png");
    assert.ok(save.dataUrl.startsWith("data:image/png;base64,") && save.dataUrl.length > 4000);
    await page.getByRole("button", { name: "Show as table" }).click();
    const rows = page.getByRole("region", { name: "Types", exact: true }).getByRole("row");
    assert.deepEqual(await rows.nth(2).locator("th, td").allInnerTexts(), ["MXFP4", "4.75", "11.0 %", ""]);
    assert.deepEqual(await rows.nth(3).locator("th, td").allInnerTexts(), ["Q8_0", "8.50", "0.50 %", "yes"]);
  });

  it("draws the selected tensor alone when asked", async () => {
    const { page, grid } = await open();
    await grid.getByText("embed_tokens").click();
    await page.getByRole("radio", { name: "Selected" }).click();
    await page.getByRole("button", { name: "Show as table" }).click();
    const row = page.getByRole("region", { name: "Types", exact: true }).getByRole("row").nth(1);
    assert.deepEqual(await row.locator("th, td").allInnerTexts(), ["Q4_K", "4.50", "7.0 %", "yes"]);
  });
});
