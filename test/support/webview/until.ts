import type { Page } from "playwright-core";

/**
 * Waits until something holds in a page, asking every few milliseconds. Playwright's own default asks before each frame, and a
 * headless browser sometimes draws none for a page.
 */
export function until<Argument>(page: Page, holds: (argument: Argument) => unknown, argument: Argument): Promise<unknown>;
export function until(page: Page, holds: () => unknown): Promise<unknown>;
export function until(page: Page, holds: (argument: unknown) => unknown, argument?: unknown): Promise<unknown> {
  return page.waitForFunction(holds, argument, { polling: 50 });
}
