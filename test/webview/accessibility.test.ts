import assert from "node:assert/strict";
import path from "node:path";
import { editorProtocol } from "../../src/protocol/editor";
import { temporaryFolder } from "../support/temporaryFolder";
import { assertAccessible } from "../support/webview/accessible";
import { writeBlockCheckpoint } from "../support/webview/blockCheckpoint";
import { EditorLocators } from "../support/webview/locators";
import { ScriptedPageHost } from "../support/webview/scriptedHost";
import { SessionPageHost } from "../support/webview/sessionHost";
import {
  pageSettings,
  readyResult,
  syntheticPreview,
  syntheticRows,
  syntheticSnapshot,
  syntheticStats,
  syntheticSummary,
} from "../support/webview/syntheticCheckpoint";
import { themeNames } from "../support/webview/themes";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

describe("accessibility (axe)", () => {
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  it("is checked by something that finds faults", async () => {
    const { page } = await browser.page(new SessionPageHost(sample));
    await page.evaluate(() => {
      const faint = document.createElement("p");
      faint.textContent = "hardly readable";
      faint.style.setProperty("color", "#333");
      document.querySelector("main")?.append(faint);
    });
    await assert.rejects(assertAccessible(page, "a page with a fault"), /color-contrast/);
  });

  for (const theme of themeNames) {
    it(`histogram, table twin, menus and findings in ${theme}`, async () => {
      const { page } = await browser.page(new SessionPageHost(sample), { theme });
      const at = new EditorLocators(page);
      await at.button("Scan").click();
      await page.getByText("all scanned").waitFor();
      await at.figure.waitFor();
      await assertAccessible(page, "histogram");
      await at.button("Show as table").click();
      await page.getByRole("radio", { name: "List" }).click();
      await page.getByRole("button", { name: "Choose columns" }).click();
      await assertAccessible(page, "table and column menu");
    });

    it(`values, blocks and metadata in ${theme}`, async () => {
      const file = folder(`${theme}.gguf`);
      writeBlockCheckpoint(file);
      const { page } = await browser.page(new SessionPageHost(file), { theme });
      const at = new EditorLocators(page);
      await at.tab("Values").click();
      await page.getByRole("region", { name: "Block", exact: true }).waitFor();
      await page.getByRole("img", { name: /^Heat map/ }).waitFor();
      await assertAccessible(page, "values");
      await at.tab("Metadata").click();
      await page.locator(".metadata-row[aria-expanded]").last().click();
      await page.getByText("first 100 of 1,234").waitFor();
      await assertAccessible(page, "metadata");
    });

    it(`states in ${theme}`, async () => {
      const rows = syntheticRows(14);
      const warnings = [
        {
          severity: "warning" as const,
          code: "shard.missing",
          message: "A shard is missing.",
          hint: "Download it.",
          tensor: rows[2]!.name,
        },
      ];
      const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows, { warnings })), {
        detail: ({ tensor }) => syntheticStats(rows[tensor]!),
        preview: ({ scheme }) => syntheticPreview(scheme, 0.005, { sampled: true, share: 0.04 }),
      });
      const { page } = await browser.page(host, { theme });
      const at = new EditorLocators(page);
      await host.connection.sendNotification(editorProtocol.summaries, [syntheticSummary(1, 0.05)]);
      await host.connection.sendNotification(editorProtocol.scanState, {
        kind: "running",
        doneBytes: 1,
        totalBytes: 4,
        tensors: 1,
        elapsedMs: 3000,
      });
      await host.connection.sendNotification(editorProtocol.deleted, { name: "synthetic.safetensors" });
      await at.button("1 finding").click();
      await page.getByRole("dialog", { name: "Findings" }).waitFor();
      await assertAccessible(page, "scan, sampled figure, deleted file, findings");
      await page.keyboard.press("Escape");
      await at.filter.fill("no such tensor");
      await assertAccessible(page, "empty list");
    });

    it(`failed page and narrow window in ${theme}`, async () => {
      const diagnostic = {
        severity: "error" as const,
        code: "x.y",
        message: "The file is empty.",
        file: "m.gguf",
        expected: "GGUF",
        hint: "Download it again.",
      };
      const failed = await browser.page(new ScriptedPageHost(() => ({ kind: "failed", diagnostic, settings: pageSettings })), { theme });
      await assertAccessible(failed.page, "failed page");
      const narrow = await browser.page(new SessionPageHost(sample), { theme, width: 480, height: 700 });
      await new EditorLocators(narrow.page).figure.waitFor();
      await assertAccessible(narrow.page, "narrow window");
    });
  }
});
