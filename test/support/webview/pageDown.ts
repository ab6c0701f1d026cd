import type { Locator } from "playwright-core";

/**
 * Presses Page Down in a grid, each time until its cursor has moved, and counts what that takes: elements and texts that the press
 * drew, and elements that the grid then has. A count in place of a time: on any machine it tells a grid that draws all its rows from
 * one that draws those in view.
 *
 * @param grid the element with `aria-activedescendant`; gets the focus
 * @returns the most of any press
 */
export async function mostDrawnByPageDown(grid: Locator, presses: number): Promise<number> {
  await grid.focus();
  const drawn = await grid.evaluateHandle((element) => {
    const counts = { press: 0, most: 0 };
    new MutationObserver((changes) => {
      for (const { type, addedNodes } of changes) {
        counts.press += type === "characterData" ? 1 : 0;
        for (const node of addedNodes) counts.press += 1 + (node instanceof Element ? node.querySelectorAll("*").length : 0);
      }
      counts.most = Math.max(counts.most, counts.press, element.querySelectorAll("*").length);
    }).observe(element, { subtree: true, childList: true, characterData: true });
    return counts;
  });
  for (let press = 0; press < presses; press++) {
    const before = await grid.getAttribute("aria-activedescendant");
    await drawn.evaluate((counts) => (counts.press = 0));
    await grid.press("PageDown");
    await moved(grid, before);
  }
  return drawn.evaluate(({ most }) => most);
}

/** Waits by asking again: frames, which Playwright waits for by itself, may stall in a headless browser. */
async function moved(grid: Locator, before: string | null): Promise<void> {
  for (let asked = 0; asked < 400; asked++) {
    const now = await grid.getAttribute("aria-activedescendant");
    if (now !== null && now !== before) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Page Down left the cursor at ${before}`);
}
