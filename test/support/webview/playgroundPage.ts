import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { PlaygroundSessionHost } from "./playgroundSessionHost";
import type { WebviewBrowser } from "./webviewPage";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample", "model.safetensors");

/** The playground on the sample, once everything is drawn. */
export async function openPlayground(browser: WebviewBrowser, state: object = {}) {
  const host = new PlaygroundSessionHost(sample, state);
  const webview = await browser.page(host, { page: "playground" });
  const { page } = webview;
  await page.locator(".values .tile").first().waitFor();
  await page.locator("qs-curves-view canvas").waitFor();
  await page.locator("qs-playground-quality figure[aria-busy=false]").waitFor();
  return { host, page, webview };
}

/** Waits until what is shown is what was chosen. */
export function settled(page: Page): Promise<void> {
  return page.locator("qs-playground-values figure[aria-busy=false]").waitFor();
}

/** What the tiles say, in their order: MAE, RMSE, max error, within 5 %, SQNR, bits per weight. */
export function tiles(page: Page): Promise<string[]> {
  return page.locator(".values .tile dd:not(.ctx)").evaluateAll((all) => all.map((dd) => (dd.textContent ?? "").replace(/\s+/g, "")));
}

/** A figure of the table of details. */
export function detail(page: Page, name: string): Locator {
  return page
    .locator(".values .facts tr")
    .filter({ has: page.getByRole("rowheader", { name, exact: true }) })
    .locator("td");
}
