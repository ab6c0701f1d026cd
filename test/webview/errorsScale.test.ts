import assert from "node:assert/strict";
import { errorsProtocol } from "../../src/protocol/errors";
import { gridOf } from "../support/webview/errorsLocators";
import { mostDrawnByPageDown } from "../support/webview/pageDown";
import { figuresOf, readyErrors, ScriptedErrorsHost, syntheticErrorTensors, syntheticType } from "../support/webview/scriptedErrorsHost";
import { WebviewBrowser } from "../support/webview/webviewPage";

describe("Errors page with 5,000 tensors and 12 types", () => {
  const browser = WebviewBrowser.use();

  async function open() {
    const tensors = syntheticErrorTensors(1250);
    const types = Array.from({ length: 12 }, (_, index) => syntheticType(`T${index}`, 2 + index / 2, 0.3 / (index + 1), tensors.length));
    const host = new ScriptedErrorsHost(() => readyErrors({ tensors, types }));
    const { page } = await browser.page(host, { page: "errors" });
    await page.getByText("5,001 tensors × 12 types").waitFor();
    return { host, page, grid: gridOf(page), tensors };
  }

  it("keeps the table's rows few wherever one scrolls", async () => {
    const { page, grid } = await open();
    assert.equal(await grid.getAttribute("aria-rowcount"), "5003");
    for (const share of [0.5, 1, 0]) {
      await grid.evaluate((element, to) => (element.scrollTop = to * (element.scrollHeight - element.clientHeight)), share);
      await page.waitForTimeout(60);
      const drawn = await grid.locator(".errors-body .errors-row").count();
      assert.ok(drawn > 20 && drawn < 80, `${drawn} rows drawn at ${share}`);
    }
    await grid.focus();
    await page.keyboard.press("Control+End");
    await page.locator("#error-5000-11").waitFor();
  });

  it("draws the rows in view for a key press, and for a batch of figures", async () => {
    const { page, host, tensors, grid } = await open();
    const few = ((tensors.length + 1) * 13) / 20;
    const drawn = await mostDrawnByPageDown(grid, 10);
    assert.ok(drawn < few, `${drawn} elements and texts`);
    await host.connection.sendNotification(errorsProtocol.figures, {
      types: [{ type: "T3", total: figuresOf(0.5), isSampled: false }],
      rows: tensors.map((_, tensor) => ({ tensor, figures: { T3: figuresOf(0.5 + tensor / 1e6) } })),
    });
    await page.getByText("50.00", { exact: true }).first().waitFor();
    const later = await mostDrawnByPageDown(grid, 10);
    assert.ok(later < few, `${later} elements and texts after the batch`);
  });
});
