import assert from "node:assert/strict";
import path from "node:path";
import { editorProtocol } from "../../src/protocol/editor";
import { EditorLocators } from "../support/webview/locators";
import { ScriptedPageHost } from "../support/webview/scriptedHost";
import { SessionPageHost } from "../support/webview/sessionHost";
import { readyResult, syntheticAnswers, syntheticRows, syntheticSnapshot, syntheticSummary } from "../support/webview/syntheticCheckpoint";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

describe("scan", () => {
  const browser = WebviewBrowser.use();
  const rows = syntheticRows(14);

  async function scripted() {
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows)), {
      scan: () => undefined,
      ...syntheticAnswers(rows),
      action: () => undefined,
    });
    const { page } = await browser.page(host);
    return { host, page, at: new EditorLocators(page) };
  }

  it("fills in figures, ranges and shapes of the real checkpoint", async () => {
    const host = new SessionPageHost(sample);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    const row = at.row("model.layers.0.self_attn.q_proj.weight");
    assert.match((await row.textContent()) ?? "", /–/);
    await at.button("Scan").click();
    await page.getByText("39 tensors, all scanned").waitFor();
    assert.match((await row.textContent()) ?? "", /0\.0864/);
    assert.equal(await row.getByRole("img").count(), 2);
    assert.match((await row.getByRole("img").first().getAttribute("aria-label")) ?? "", /^−0\.\d+ … 0\.\d+$/);
    assert.match((await at.grid.getByRole("columnheader").filter({ hasText: "Range" }).textContent()) ?? "", /Range ±0\.\d\d/);
    assert.deepEqual(host.failures, []);
  });

  it("shows progress by bytes, the time left, and can be cancelled", async () => {
    const { host, page, at } = await scripted();
    await at.button("Scan").click();
    await host.connection.sendNotification(editorProtocol.scanState, {
      kind: "running",
      doneBytes: 0,
      totalBytes: 4e9,
      tensors: 0,
      elapsedMs: 0,
    });
    const bar = page.getByRole("progressbar", { name: "Scan" });
    await bar.waitFor();
    await host.connection.sendNotification(editorProtocol.scanState, {
      kind: "running",
      doneBytes: 1e9,
      totalBytes: 4e9,
      tensors: 3,
      elapsedMs: 4000,
    });
    await page.getByText("14 tensors, scanning: 3 done, 1.00 GB of 4.00 GB, 12 s left").waitFor();
    assert.equal(await bar.getAttribute("aria-valuenow"), "25");
    assert.equal(await at.liveRegion.textContent(), "Scan 25 %");
    await at.button("Cancel").click();
    await host.connection.sendNotification(editorProtocol.summaries, [syntheticSummary(0, 0.1), syntheticSummary(3, 0.2)]);
    await host.connection.sendNotification(editorProtocol.scanState, { kind: "cancelled", tensors: 2 });
    await page.getByText("14 tensors, scan cancelled, 2 kept").waitFor();
    assert.ok(host.asked.some(({ name }) => name === "cancelScan"));
    await at.button("Continue").click();
    await page.waitForTimeout(50);
    assert.equal(host.params("scan").length, 2);
  });

  it("brings results in as they come, in the order that is sorted by", async () => {
    const { host, page, at } = await scripted();
    await page.getByRole("radio", { name: "List" }).click();
    await at.header("σ").click();
    await host.connection.sendNotification(editorProtocol.summaries, [syntheticSummary(5, 0.3)]);
    await until(page, () => document.querySelector(".tensor-body .tensor-row[aria-rowindex='2']")?.textContent?.includes("0.300"));
    assert.equal((await at.labels())[0], rows[5]!.name);
    await host.connection.sendNotification(editorProtocol.summaries, [syntheticSummary(9, 0.7)]);
    await until(page, () => document.querySelector(".tensor-body .tensor-row[aria-rowindex='2']")?.textContent?.includes("0.700"));
    assert.deepEqual((await at.labels()).slice(0, 2), [rows[9]!.name, rows[5]!.name]);
  });

  it("does not invite to a scan that was known before the button was drawn", async () => {
    const { host, page, at } = await scripted();
    const unreadable = rows.map((row) => ({ ...row, decodable: false }));
    await host.connection.sendNotification(editorProtocol.changed, readyResult(syntheticSnapshot(unreadable)));
    await at.button("Scan").waitFor({ state: "detached" });
    // The toolkit writes attributes of a new button with the next frame, which here comes after the figures.
    await page.evaluate(() => {
      const { requestAnimationFrame } = window;
      window.requestAnimationFrame = (draw) => Number(setTimeout(() => requestAnimationFrame(draw), 400));
    });
    await host.connection.sendNotification(editorProtocol.changed, readyResult(syntheticSnapshot(rows)));
    await host.connection.sendNotification(
      editorProtocol.summaries,
      rows.map((_, index) => syntheticSummary(index, 0.1)),
    );
    await page.getByText("14 tensors, all scanned").waitFor();
    await page.waitForTimeout(900);
    assert.equal(await page.locator("vscode-button", { hasText: "Scan" }).getAttribute("appearance"), "secondary");
  });

  it("scans only marked tensors", async () => {
    const { host, at } = await scripted();
    await at.row(rows[1]!.name).click({ modifiers: ["Control"] });
    await at.row(rows[4]!.name).click({ modifiers: ["Control"] });
    await at.button("Scan 2 tensors").click();
    await at.grid.press("Escape");
    await at.button("Scan").waitFor();
    assert.deepEqual(host.params("scan"), [{ tensors: [1, 4] }]);
  });

  it("is cancelled with Esc, but not by closing something with it", async () => {
    const { host, page, at } = await scripted();
    await host.connection.sendNotification(editorProtocol.scanState, {
      kind: "running",
      doneBytes: 1,
      totalBytes: 4,
      tensors: 1,
      elapsedMs: 900,
    });
    await at.button("Cancel").waitFor();
    await at.button("More actions").click();
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Group" }).click();
    await page.keyboard.press("Escape");
    await at.filter.fill("mlp");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(50);
    assert.equal(host.asked.filter(({ name }) => name === "cancelScan").length, 0);
    await at.grid.press("Escape");
    await page.waitForTimeout(50);
    assert.equal(host.asked.filter(({ name }) => name === "cancelScan").length, 1);
  });

  it("keeps the focus when it ends, and says that nothing is left to scan", async () => {
    const host = new SessionPageHost(sample);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.button("Scan").focus();
    await page.keyboard.press("Enter");
    await page.getByText("39 tensors, all scanned").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Scan");
    assert.equal(await at.button("Scan").getAttribute("aria-disabled"), "true");
    await page.keyboard.press("Enter");
    await page.getByText("Every tensor that can be decoded is scanned.").waitFor({ state: "attached" });
  });

  it("says why a scan failed", async () => {
    const { host, page, at } = await scripted();
    await host.connection.sendNotification(editorProtocol.scanState, { kind: "failed", message: "the disk was removed" });
    await page.getByText("14 tensors, scan failed: the disk was removed").waitFor();
    await at.button("Show log").click();
    await page.waitForTimeout(50);
    assert.deepEqual(host.params("action"), [{ name: "showLog" }]);
  });
});
