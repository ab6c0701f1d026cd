import type { Page } from "playwright-core";
import { EstimatorSessionHost } from "./estimatorSessionHost";
import type { WebviewBrowser } from "./webviewPage";

/** The Size Estimator with what is asked, and with the files that are chosen when it asks for one. */
export async function openEstimator(browser: WebviewBrowser, ...start: ConstructorParameters<typeof EstimatorSessionHost>) {
  const host = new EstimatorSessionHost(...start);
  const { page } = await browser.page(host, { page: "estimate" });
  await page.locator(".estimate-page h1").waitFor();
  return { host, page };
}

export const tableOf = (page: Page) => page.getByRole("grid", { name: "What each format needs" });
export const lineOf = (page: Page) => page.getByRole("textbox", { name: "Model size, types and context" });
export const heading = (page: Page, name: string) => tableOf(page).getByRole("columnheader", { name: new RegExp(`^${name}`) });

/** Texts of a row's cells, without the words for screen readers. */
export const cells = (page: Page, name: string): Promise<string[]> =>
  page
    .locator(".estimate-grid tbody tr")
    .filter({ has: page.locator("th", { hasText: new RegExp(`^\\s*${name} `) }) })
    .first()
    .locator("td:not(.bars-cell)")
    .evaluateAll((found) => found.map((cell) => (cell as HTMLElement).innerText.replace(/fits,\s*/, "").trim()));

export const names = (page: Page): Promise<string[]> =>
  page.locator(".estimate-grid tbody th").evaluateAll((found) => found.map((cell) => (cell.textContent ?? "").trim().split(/\s/)[0]!));

export const factsOf = (page: Page) => page.locator(".model-facts");

export const tile = (page: Page, label: string) =>
  page
    .locator(".answer .tile", { has: page.locator("dt", { hasText: label }) })
    .locator("dd")
    .first();
