import assert from "node:assert/strict";
import { editorProtocol } from "../../src/protocol/editor";
import { EditorLocators } from "../support/webview/locators";
import { ScriptedPageHost } from "../support/webview/scriptedHost";
import { readyResult, syntheticAnswers, syntheticRows, syntheticSnapshot } from "../support/webview/syntheticCheckpoint";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

describe("what another view asks the page to show", () => {
  const browser = WebviewBrowser.use();

  it("shows the tensor that another view asks for", async () => {
    const rows = syntheticRows(70);
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows)), syntheticAnswers(rows));
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.row("model.layers.9").waitFor({ state: "detached" });
    await page.getByRole("radio", { name: "List" }).click();
    await page.getByRole("radio", { name: "Tree" }).click();
    await at.grid.press("End");
    await at.row("model.layers.9").click();
    await at.filter.fill("layers.1");
    await host.connection.sendNotification(editorProtocol.reveal, { tensor: 65 });
    await at.row(rows[65]!.name).waitFor();
    assert.equal(await at.row(rows[65]!.name).getAttribute("aria-selected"), "true");
    assert.equal((await page.locator(".detail-head h2").textContent())?.trim(), rows[65]!.name);
    assert.equal(await at.filter.inputValue(), "");
    assert.equal(await at.row("model.layers.9").getAttribute("aria-expanded"), "true");
    await at.grid.evaluate((grid) => (grid.scrollTop = 0));
    await host.connection.sendNotification(editorProtocol.reveal, { tensor: 65 });
    await until(page, () => document.querySelector(".tensor-grid")!.scrollTop > 500);
  });

  it("shows the tab and the type that another view asks for, also before its first picture", async () => {
    const rows = syntheticRows(14);
    const host = new ScriptedPageHost(() => {
      void host.connection.sendNotification(editorProtocol.reveal, { tensor: 3, tab: "histogram", scheme: "int8" });
      return readyResult(syntheticSnapshot(rows));
    }, syntheticAnswers(rows));
    const { page } = await browser.page(host);
    await page.getByRole("img", { name: /After INT8/ }).waitFor();
    assert.equal((await page.locator(".detail-head h2").textContent())?.trim(), rows[3]!.name);
    await host.connection.sendNotification(editorProtocol.reveal, { tab: "metadata" });
    await page.locator('[role=tab][aria-selected="true"]', { hasText: "Metadata" }).waitFor();
    assert.equal((await page.locator(".detail-head h2").textContent())?.trim(), rows[3]!.name);
  });
});
