import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { assertAccessible } from "../support/webview/accessible";
import { writeImatrixGguf } from "../support/imatrixWriter";
import { temporaryFolder } from "../support/temporaryFolder";
import { SessionPageHost } from "../support/webview/sessionHost";
import { themeNames } from "../support/webview/themes";
import { WebviewBrowser } from "../support/webview/webviewPage";

/** Sums of squares over 10 tokens, of 128 channels: channel 40 stands out, every fourth is never active. */
const sums = Array.from({ length: 128 }, (_, channel) => (channel === 40 ? 5000 : channel % 4 === 3 ? 0 : 10));

/** A weight, and three experts of which the last was never reached. */
const weights = [
  { name: "blk.0.attn_q.weight", sums: [sums], counts: [10] },
  { name: "blk.0.ffn_up_exps.weight", sums: [[4, 0], [9, 3], [0, 0]], counts: [2, 3, 0] }, // prettier-ignore
];

describe("an importance matrix in the editor", () => {
  const browser = WebviewBrowser.use();
  const at = temporaryFolder();

  async function open(theme?: (typeof themeNames)[number]) {
    const file = at("imatrix.gguf");
    writeFileSync(file, writeImatrixGguf(weights));
    const host = new SessionPageHost(file);
    const { page } = await browser.page(host, { theme });
    await page.getByRole("region", { name: "Importance of the channels" }).waitFor();
    return { host, page };
  }

  it("shows at once what it covers: of all weights, and of the selected one", async () => {
    const { host, page } = await open();
    assert.equal(await page.getByRole("tab", { selected: true }).innerText(), "Importance");
    assert.equal(await page.getByRole("tab", { name: "Types" }).count(), 0);
    await page.getByText("2 weights · 7 chunks of text · all of them used").waitFor();
    const rows = page.locator(".importance-map tbody tr");
    assert.deepEqual(await rows.nth(0).locator("th, td.num").allInnerTexts(), ["blk.0.attn_q.weight", "25.0 %", "500 at 40"]);
    assert.deepEqual(await rows.nth(1).locator("th, td.num").allInnerTexts(), ["blk.0.ffn_up_exps.weight", "25.0 %", "3.00 at 2"]);
    await rows.nth(0).click();
    const entry = page.getByRole("region", { name: "Importance of the channels" });
    await entry.getByRole("img", { name: "Mean squares of 128 channels; the largest is 500." }).waitFor();
    assert.deepEqual((await entry.locator(".grid tbody tr").first().locator("th, td").allInnerTexts()).slice(0, 2), ["40", "500"]);
    await rows.nth(1).click();
    await entry.getByRole("row").filter({ hasText: "Experts reached" }).getByText("2 of 3").waitFor();
    assert.deepEqual(host.failures, []);
  });

  for (const theme of themeNames) {
    it(`has no finding of axe in ${theme}`, async function () {
      this.timeout(60_000);
      const { page } = await open(theme);
      await assertAccessible(page, theme);
    });
  }
});
