import path from "node:path";
import { ErrorsSessionHost } from "../support/webview/errorsSessionHost";
import { WebviewBrowser } from "../support/webview/webviewPage";
const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");
describe("shots", function () {
  this.timeout(120000);
  const browser = WebviewBrowser.use();
  const shots = [
    ["dark-modern", 1400, 900],
    ["light-modern", 1400, 900],
    ["hc-black", 1400, 900],
    ["hc-light", 1400, 900],
    ["dark-modern", 600, 1200],
  ] as const;
  for (const [theme, width, height] of shots) {
    it(`${theme} ${width}`, async () => {
      const { page } = await browser.page(
        new ErrorsSessionHost(
          sample,
          ["Q8_0", "Q6_K", "Q5_K", "Q4_K", "IQ4_XS", "MXFP4", "Q3_K", "Q2_K", "Q5_0", "Q4_0", "Q4_1", "int8", "int4-g128", "TQ2_0"].slice(
            0,
            process.env.ALL ? 20 : 9,
          ),
        ),
        { page: "errors", theme, width, height },
      );
      await page.getByText("all values, exact").waitFor({ timeout: 30000 });
      await page.waitForTimeout(400);
      await page.screenshot({ path: `/tmp/pol/${theme}-${width}.png` });
    });
  }
});
import { SessionPageHost } from "../support/webview/sessionHost";
describe("types shots", function () {
  this.timeout(120000);
  const browser = WebviewBrowser.use();
  for (const theme of ["dark-modern", "light-modern", "hc-black"] as const)
    it(theme, async () => {
      const { page } = await browser.page(new SessionPageHost(sample), { theme });
      await page.getByRole("tab", { name: "Types" }).click();
      await page.waitForTimeout(7000);
      await page.screenshot({ path: `/tmp/pol/types-${theme}.png` });
      await page.getByRole("button", { name: "Show as table" }).click();
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/pol/types-table-${theme}.png` });
    });
});
