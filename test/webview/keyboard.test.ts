import assert from "node:assert/strict";
import path from "node:path";
import { EditorLocators } from "../support/webview/locators";
import { SessionPageHost } from "../support/webview/sessionHost";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

describe("keyboard", () => {
  const browser = WebviewBrowser.use();

  async function open() {
    const host = new SessionPageHost(sample);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.figure.waitFor();
    /** The name of what has the focus, through shadow roots. */
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        const named = element?.closest("[aria-label]") ?? (element?.getRootNode() as ShadowRoot).host ?? element;
        return (named?.getAttribute("aria-label") ?? named?.textContent ?? "").replace(/\s+/g, " ").trim();
      });
    const active = (): Promise<string> =>
      at.grid.evaluate(
        (grid) =>
          document
            .getElementById(grid.getAttribute("aria-activedescendant") ?? "")
            ?.querySelector(".tensor-name")
            ?.textContent?.trim() ?? "",
      );
    return { host, page, at, focused, active };
  }

  it("reaches everything in reading order, each list with one tab stop", async () => {
    const { page, focused } = await open();
    const stops: string[] = [];
    for (let press = 0; press < 30; press++) {
      await page.keyboard.press("Tab");
      const name = await focused();
      if (stops.includes(name) && name === stops[0]) break;
      stops.push(name);
    }
    assert.deepEqual(stops.slice(0, 10), [
      "Scan",
      "Errors",
      "Estimate",
      "Quantize…",
      "More actions",
      "Filter tensors",
      "View",
      "Choose columns",
      "Tensors",
      "Tensors",
    ]);
    const rest = stops.slice(10);
    assert.deepEqual(rest.slice(0, 6), ["Space of the list", "Copy name", "Tensor views", "Quantize to", "Bits", "Group"]);
    assert.ok(rest.includes("Symmetric") && rest.some((name) => name.startsWith("Histogram of")), rest.join(", "));
  });

  it("filters, finds, opens and selects without a pointer", async () => {
    const { page, at, active } = await open();
    await at.filter.focus();
    await page.keyboard.type("self_attn");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "treegrid");
    await page.keyboard.press("Home");
    assert.equal(await active(), "model.layers.0");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.equal(await active(), "q_proj");
    await page.keyboard.type("v_");
    assert.equal(await active(), "v_proj");
    await page.keyboard.press("Enter");
    assert.equal((await page.locator(".detail-head h2").textContent())?.trim(), "model.layers.0.self_attn.v_proj.weight");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await active(), "self_attn");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await at.row("model.layers.0.self_attn").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("End");
    assert.equal(await active(), "o_proj");
  });

  it("keeps the active row in the document when it scrolls out of view", async () => {
    const { page, at, active } = await open();
    await at.grid.focus();
    await page.keyboard.press("Home");
    await at.grid.evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
    await page.waitForTimeout(100);
    assert.equal(await active(), "model.embed_tokens.weight");
    await page.keyboard.press("ArrowDown");
    assert.equal(await active(), "model.layers.0");
    await until(page, () => document.querySelector(".tensor-grid")!.scrollTop < 50);
  });

  it("sorts from the column headers and opens the column menu there", async () => {
    const { page, at } = await open();
    await at.header("Name").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.equal(await at.header("Shape").getAttribute("aria-sort"), "descending");
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitemcheckbox", { name: "Shape" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    assert.equal(await at.header("Type").count(), 0);
  });

  it("goes between list and detail with F6 and through tabs with arrows", async () => {
    const { page, focused } = await open();
    await page.locator(".tensor-grid").focus();
    await page.keyboard.press("F6");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Histogram");
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tabpanel", { name: "Values" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Values");
    await page.keyboard.press("F6");
    assert.equal(await focused(), "Tensors");
  });

  it("moves the sash, and puts it back", async () => {
    const { page, host } = await open();
    const sash = page.getByRole("separator", { name: "Space of the list" });
    const start = Number(await sash.getAttribute("aria-valuenow"));
    await sash.focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press("Shift+ArrowLeft");
    const moved = Number(await sash.getAttribute("aria-valuenow"));
    assert.ok(moved < start - 15, `${moved} < ${start}`);
    await page.waitForTimeout(600);
    assert.ok(host.lastState?.split !== undefined && Math.abs(host.lastState.split * 100 - moved) < 1);
    await page.keyboard.press("Enter");
    assert.equal(Number(await sash.getAttribute("aria-valuenow")), start);
    const box = (await sash.boundingBox())!;
    await page.mouse.move(box.x + 2, 500);
    await page.mouse.down();
    await page.mouse.move(box.x - 198, 500, { steps: 4 });
    await page.mouse.up();
    assert.ok(Number(await sash.getAttribute("aria-valuenow")) < start - 10);
    await sash.dblclick();
    assert.equal(Number(await sash.getAttribute("aria-valuenow")), start);
  });
});
