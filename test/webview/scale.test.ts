import assert from "node:assert/strict";
import { editorProtocol } from "../../src/protocol/editor";
import { EditorLocators } from "../support/webview/locators";
import { mostDrawnByPageDown } from "../support/webview/pageDown";
import { ScriptedPageHost } from "../support/webview/scriptedHost";
import { readyResult, syntheticAnswers, syntheticRows, syntheticSnapshot, syntheticSummary } from "../support/webview/syntheticCheckpoint";
import { WebviewBrowser } from "../support/webview/webviewPage";

const tensors = 50_000;

describe("50,000 tensors", () => {
  const browser = WebviewBrowser.use();

  async function open() {
    const rows = syntheticRows(tensors);
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows)), syntheticAnswers(rows));
    const { page } = await browser.page(host);
    return { rows, host, page, at: new EditorLocators(page) };
  }

  it("keeps the document small wherever one scrolls", async () => {
    const { page, at, rows } = await open();
    // 7,143 layers with two groups each, less those of the last, cut layer.
    assert.ok(Number(await at.grid.getAttribute("aria-rowcount")) > tensors + 7142 * 3);
    for (const share of [0.5, 0.99, 1, 0]) {
      await at.grid.evaluate((grid, to) => (grid.scrollTop = to * (grid.scrollHeight - grid.clientHeight)), share);
      await page.waitForTimeout(60);
      const drawn = await page.locator(".tensor-body .tensor-row").count();
      assert.ok(drawn > 20 && drawn < 90, `${drawn} rows drawn at ${share}`);
    }
    await at.grid.focus();
    await page.keyboard.press("End");
    await at.row(rows[tensors - 1]!.name).waitFor();
  });

  it("filters, sorts and takes results without losing its place", async () => {
    const { page, at, rows, host } = await open();
    await page.getByRole("radio", { name: "List" }).click();
    await at.filter.fill("layers.7000.*q_proj");
    await page.getByText("1 of 50,000 tensors").waitFor();
    assert.deepEqual(await at.labels(), ["model.layers.7000.self_attn.q_proj.weight"]);
    await at.filter.fill("");
    await at.header("σ").click();
    await host.connection.sendNotification(
      editorProtocol.summaries,
      Array.from({ length: 5000 }, (_, index) => syntheticSummary(index * 10, 0.01 + index / 1e5)),
    );
    await page.getByText("50,000 tensors, 5,000 scanned").waitFor();
    assert.equal((await at.labels())[0], rows[49_990]!.name);
  });

  it("draws the rows in view for a key press", async () => {
    const { at } = await open();
    const drawn = await mostDrawnByPageDown(at.grid, 30);
    assert.ok(drawn < tensors / 20, `${drawn} elements and texts`);
  });
});
