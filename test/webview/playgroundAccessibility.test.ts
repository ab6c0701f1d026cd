import assert from "node:assert/strict";
import path from "node:path";
import type { Page } from "playwright-core";
import { assertAccessible } from "../support/webview/accessible";
import { PlaygroundSessionHost } from "../support/webview/playgroundSessionHost";
import { themeNames } from "../support/webview/themes";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");
const layer = "model.layers.1.self_attn.o_proj.weight";

describe("Playground: accessibility (axe)", () => {
  const browser = WebviewBrowser.use();

  async function open(state: object, theme: (typeof themeNames)[number]) {
    const host = new PlaygroundSessionHost(sample, state);
    const { page } = await browser.page(host, { page: "playground", theme });
    await page.locator(".values .tile").first().waitFor();
    await page.locator("qs-curves-view canvas").first().waitFor();
    await settled(page);
    return { host, page };
  }

  /** Waits until what is shown is what was chosen. */
  async function settled(page: Page): Promise<void> {
    await page.locator("qs-playground-values figure[aria-busy=false]").waitFor();
    await page.locator("qs-playground-quality figure[aria-busy=false]").waitFor();
  }

  async function choose(page: Page, list: string, option: string): Promise<void> {
    await page.getByRole("combobox", { name: list }).click();
    await page.getByRole("option", { name: option }).click();
  }

  for (const theme of themeNames) {
    it(`values, their twins and the menus in ${theme}`, async () => {
      const { page } = await open({ tensor: layer, scheme: "int4-g64" }, theme);
      await page.locator(".settings .tips").getByText("Drag the bits").waitFor();
      await page.getByRole("button", { name: "Measure perplexity…" }).waitFor();
      await page.getByRole("button", { name: "Export…" }).click();
      await page.getByRole("menuitem", { name: "Quality as CSV…" }).waitFor();
      await assertAccessible(page, "a real tensor, what to try, and what can be exported");
      await page.keyboard.press("Escape");
      await page.getByRole("combobox", { name: "Method" }).click();
      await page.getByRole("option", { name: "GPTQ · makes up for errors" }).waitFor();
      await assertAccessible(page, "methods");
      await page.keyboard.press("Escape");
      await page.locator(".values").getByRole("button", { name: "Show as table" }).click();
      await page.locator(".quality").getByRole("button", { name: "Show as table" }).click();
      await page.getByRole("radio", { name: "Shaped" }).click();
      await page.getByRole("slider", { name: "Outliers" }).fill("0.02");
      await page.getByRole("textbox", { name: "Weights of the model" }).fill("seventy");
      await page.getByRole("alert").getByText("A number of weights").waitFor();
      await page.getByText("GPTQ and AWQ need a layer of a model and what enters it; these values are shaped.").waitFor();
      await settled(page);
      await assertAccessible(page, "shaped values, all as tables, methods that are not at hand, no size");
    });

    it(`methods that need what enters a layer in ${theme}`, async () => {
      const { host, page } = await open({ tensor: layer, scheme: "int4-sym-g64" }, theme);
      let release: () => void = () => undefined;
      host.held = new Promise((resolve) => (release = resolve));
      await choose(page, "Method", "GPTQ · makes up for errors");
      await page.getByText("Collecting activations… 0 %").waitFor();
      await assertAccessible(page, "activations being collected");
      release();
      await page.locator(".values").getByText("GPTQ, INT4 · symmetric, groups of 64").waitFor();
      await settled(page);
      await page.locator(".quality").getByRole("button", { name: "Show as table" }).click();
      await page.getByRole("columnheader", { name: "Error of the outputs" }).waitFor();
      await assertAccessible(page, "GPTQ, and all methods as a table");
      await page.locator(".quality").getByRole("button", { name: "Show as table" }).click();
      await page.getByRole("radio", { name: "Outputs" }).click();
      await choose(page, "Method", "AWQ · scales large inputs");
      await page.locator(".values").getByText("AWQ, INT4 · symmetric, groups of 64").waitFor();
      await settled(page);
      await page.locator(".curves-box").focus();
      await page.keyboard.press("ArrowRight");
      await page.locator(".curves-note").getByText("of rounding at").waitFor();
      await assertAccessible(page, "AWQ, outputs, and a point under the cursor");
      assert.deepEqual(host.failures, []);
    });

    it(`a run of the model that fails in ${theme}`, async () => {
      const { host, page } = await open({ tensor: layer, scheme: "int4-sym-g64" }, theme);
      host.held = Promise.reject(new Error("the disk is gone"));
      host.held.catch(() => undefined);
      await choose(page, "Method", "GPTQ · makes up for errors");
      await page.getByRole("alert").getByText("the disk is gone").waitFor();
      await assertAccessible(page, "activations that could not be collected");
    });

    it(`perplexity in ${theme}`, async () => {
      const { host, page } = await open({ tensor: layer, scheme: "int4-sym-channel" }, theme);
      await host.measurePerplexity(["int4-sym-channel", "nf4", "int2-sym-channel"]);
      const figure = page.locator(".perplexity");
      await figure.getByText("Off the scale: INT2 sym. per channel").waitFor();
      await figure.getByRole("img").focus();
      await page.keyboard.press("ArrowRight");
      await assertAccessible(page, "perplexity");
      await figure.getByRole("button", { name: "Show as table" }).click();
      await figure.getByRole("rowheader", { name: "NF4", exact: true }).waitFor();
      await page.setViewportSize({ width: 480, height: 700 });
      await assertAccessible(page, "perplexity as a table, in a narrow window");
    });
  }
});
