import type { Locator, Page } from "playwright-core";

/** Where things are on the editor page, by what assistive technology calls them. */
export class EditorLocators {
  readonly grid: Locator;
  readonly filter: Locator;
  readonly status: Locator;
  readonly liveRegion: Locator;
  readonly figure: Locator;

  constructor(private readonly page: Page) {
    this.grid = page.getByRole("treegrid", { name: "Tensors" });
    this.filter = page.getByRole("textbox", { name: "Filter tensors" });
    this.status = page.locator(".list-status");
    this.liveRegion = page.locator("[aria-live=polite].sr");
    this.figure = page.getByRole("img", { name: /^Histogram of/ });
  }

  /** A row by its full name. */
  row(name: string): Locator {
    return this.grid.getByRole("row").filter({ has: this.page.locator(`[title="${name}"]`) });
  }

  header(name: string): Locator {
    return this.grid.getByRole("columnheader", { name, exact: true });
  }

  tab(name: string): Locator {
    return this.page.getByRole("tab", { name });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The value of a metric tile. */
  metric(label: string): Locator {
    return this.page
      .locator(".tile")
      .filter({ has: this.page.locator("dt", { hasText: label }) })
      .locator("dd")
      .first();
  }

  /** Labels of the rows in view, from above. */
  async labels(): Promise<string[]> {
    return this.grid.locator(".tensor-body .tensor-row").evaluateAll((rows) =>
      rows
        .map((row) => ({
          index: Number(row.getAttribute("aria-rowindex")),
          text: row.querySelector(".tensor-name")?.textContent?.trim() ?? "",
        }))
        .sort((a, b) => a.index - b.index)
        .map(({ text }) => text),
    );
  }
}
