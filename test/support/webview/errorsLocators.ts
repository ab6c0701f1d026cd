import type { Locator, Page } from "playwright-core";

/** The table of the Errors page. */
export function gridOf(page: Page): Locator {
  return page.getByRole("grid", { name: "Errors of each tensor for each type" });
}

/** Its picture of layers by kinds of tensors. */
export function heatOf(page: Page): Locator {
  return page.getByRole("grid", { name: "Layers and kinds of tensors" });
}
