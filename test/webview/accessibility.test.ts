import assert from "node:assert/strict";
import path from "node:path";
import { editorProtocol } from "../../src/protocol/editor";
import { errorsProtocol } from "../../src/protocol/errors";
import { temporaryFolder } from "../support/temporaryFolder";
import { assertAccessible } from "../support/webview/accessible";
import { writeBlockCheckpoint } from "../support/webview/blockCheckpoint";
import { EditorLocators } from "../support/webview/locators";
import { readyErrors, ScriptedErrorsHost, syntheticErrorTensors, syntheticType } from "../support/webview/scriptedErrorsHost";
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

    it(`errors and types, their twins and states in ${theme}`, async () => {
      const editor = await browser.page(new SessionPageHost(sample), { theme });
      const at = new EditorLocators(editor.page);
      await at.tab("Types").click();
      const chart = editor.page.getByRole("img", { name: /against bits per weight/ });
      await chart.waitFor();
      await assertAccessible(editor.page, "types");
      await at.button("Show as table").click();
      await assertAccessible(editor.page, "types as a table");

      const tensors = syntheticErrorTensors(3).length;
      const types = [
        syntheticType("Q8_0", 8.5, 0.005, tensors),
        syntheticType("Q4_K", 4.5, 0.07, tensors, { isSampled: true }),
        syntheticType("Q2_K", 2.6, 0.3, tensors),
      ];
      const ranking = [{ tensor: 0, errorShare: 0.2, weightShare: 0.1, bytes: 1000, relativeRmse: 0.06 }];
      const host = new ScriptedErrorsHost(
        () => readyErrors({ types }),
        (type) => ({ type, keptAs: "Q8_0", relativeRmse: 0.07, ranking, suggested: 1 }),
      );
      const { page } = await browser.page(host, { page: "errors", theme });
      await page.getByText("Keeping the first 1").waitFor();
      await page.locator("#error-0-0").click();
      await assertAccessible(page, "errors");
      await page.getByRole("button", { name: "Show as table" }).click();
      await host.connection.sendNotification(errorsProtocol.run, { kind: "running", doneBytes: 1, totalBytes: 4, elapsedMs: 2000 });
      await page.getByRole("progressbar").waitFor();
      await assertAccessible(page, "errors being measured, and the chart as a table");
      await host.connection.sendNotification(errorsProtocol.run, { kind: "failed", message: "the disk is gone" });
      await page.getByRole("textbox", { name: "Filter tensors" }).fill("no such tensor");
      await page.getByText("No tensor matches").waitFor();
      await assertAccessible(page, "errors that failed, nothing found");
      await host.connection.sendNotification(errorsProtocol.run, { kind: "cancelled" });
      await page.getByText("Cancelled. What was measured is kept.").waitFor();
      await page.setViewportSize({ width: 480, height: 700 });
      await assertAccessible(page, "errors, cancelled, in a narrow window");
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
