import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { temporaryFolder } from "../support/temporaryFolder";
import { EditorLocators } from "../support/webview/locators";
import { ScriptedPageHost } from "../support/webview/scriptedHost";
import { SessionPageHost } from "../support/webview/sessionHost";
import { pageSettings, readyResult, syntheticAnswers, syntheticRows, syntheticSnapshot } from "../support/webview/syntheticCheckpoint";
import { WebviewBrowser } from "../support/webview/webviewPage";

describe("diagnostics on the page", () => {
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  it("says why a file could not be opened and what can be done", async () => {
    const file = folder("page.safetensors");
    writeFileSync(file, "<!DOCTYPE html><html><body>Access denied</body></html>");
    const host = new SessionPageHost(file);
    const { page } = await browser.page(host);
    await page.getByRole("heading", { name: "This checkpoint could not be opened" }).waitFor();
    const facts = await page.locator(".failed-facts").textContent();
    assert.match(facts ?? "", /Code\s*[a-z]+[\w.-]+/);
    assert.match(facts ?? "", /page\.safetensors/);
    for (const name of ["Reload", "Open as text", "Copy details"]) await page.getByRole("button", { name }).click();
    await page.waitForTimeout(100);
    assert.deepEqual(host.actions, ["reload", "openAsText"]);
    assert.match(host.copied[0] ?? "", /Code: /);
  });

  it("shows every fact of a diagnostic, with numbers grouped", async () => {
    const diagnostic = {
      severity: "error" as const,
      code: "safetensors.truncated",
      message: "The file ends in the middle of a tensor.",
      file: "model-00002-of-00003.safetensors",
      offset: 123_456_789,
      expected: "14,483,464,192 bytes",
      found: "123,456,789 bytes",
      hint: "Download the file again.",
    };
    const host = new ScriptedPageHost(() => ({ kind: "failed", diagnostic, settings: pageSettings }), {});
    const { page } = await browser.page(host);
    const values = await page.locator(".failed-facts dd").allTextContents();
    assert.deepEqual(values, [
      "safetensors.truncated",
      "model-00002-of-00003.safetensors",
      "123,456,789",
      "14,483,464,192 bytes",
      "123,456,789 bytes",
    ]);
    await page.getByText("Download the file again.").waitFor();
  });

  it("lists findings, errors first, and leads to their tensor", async () => {
    const rows = syntheticRows(14);
    const warnings = [
      { severity: "info" as const, code: "note", message: "A note." },
      {
        severity: "warning" as const,
        code: "tensor.zero-tail",
        message: "The last 4096 bytes are zero.",
        tensor: rows[9]!.name,
        hint: "Compare with the source.",
      },
      { severity: "error" as const, code: "shard.missing", message: "A shard is missing.", file: "model-2.safetensors" },
    ];
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows, { warnings })), {
      ...syntheticAnswers(rows),
      copy: () => undefined,
    });
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.button("3 findings").click();
    const dialog = page.getByRole("dialog", { name: "Findings" });
    const found = await dialog.locator("li p:first-child").allTextContents();
    assert.deepEqual(found, ["A shard is missing.", "The last 4096 bytes are zero.", "A note."]);
    await dialog.getByRole("button", { name: "Copy all findings" }).click();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "3 findings");
    await at.button("3 findings").click();
    await dialog.getByRole("button", { name: "Show tensor" }).click();
    assert.equal(await at.row(rows[9]!.name).getAttribute("aria-selected"), "true");
    assert.match(host.params("copy")[0]?.text ?? "", /shard\.missing[\s\S]*Compare with the source\./);
  });
});
