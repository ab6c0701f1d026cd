import { stepIds } from "../../../src/core/lesson/steps";
import { assertAccessible } from "../../support/webview/accessible";
import { article, atStep, steps } from "../../support/webview/lessonSteps";
import { themeNames } from "../../support/webview/themes";
import { until } from "../../support/webview/until";
import { WebviewBrowser } from "../../support/webview/webviewPage";

describe("Lesson step by step", function () {
  this.timeout(120_000);
  const browser = WebviewBrowser.use();

  for (const step of stepIds) {
    it(`is accessible in four themes, and fits into a narrow window: ${step}`, async () => {
      const view = await browser.page(atStep(step), { page: "lesson" });
      const { page } = view;
      await article(page, step).locator("figure").first().waitFor();
      await article(page, step).locator(".bar").first().waitFor({ state: "detached" });
      for (const theme of themeNames) {
        await view.setTheme(theme);
        await assertAccessible(page, `${step}, ${theme}`);
      }
      for (const width of [800, 480]) {
        await page.setViewportSize({ width, height: 900 });
        // Charts follow the window a little later.
        await until(page, () => document.documentElement.scrollWidth <= window.innerWidth);
      }
      await steps(page).getByRole("button", { name: "Choosing a format" }).click();
      await article(page, "format").waitFor();
    });
  }
});
