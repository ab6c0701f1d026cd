import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { at } from "../../scripts/lib/paths.mjs";
import { expectAccessible } from "./support/axe";
import { sampleFolder } from "./support/sampleModel";
import { openWindow, pictureFailures, type TestWindow } from "./support/window";

const pictures = at("test", "screenshots");
const themes = [
  ["Dark Modern", "dark", "vscode-dark"],
  ["Light Modern", "light", "vscode-light"],
  ["Dark High Contrast", "hc-black", "vscode-high-contrast"],
  ["Light High Contrast", "hc-light", "vscode-high-contrast-light"],
] as const;

/** The pages that teach: what is done survives, and they look right in every kind of theme. */
describe("learning", function () {
  this.timeout(240_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), "quantscope-learn-"));
  let window: TestWindow;
  const shown = () => window.page.frameLocator("iframe.webview.ready:visible").frameLocator("iframe#active-frame");

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    cpSync(sampleFolder, folder, { recursive: true });
    window = await openWindow(folder);
    await window.page.setViewportSize({ width: 1500, height: 1100 });
  });
  after(async () => {
    await window?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  pictureFailures(() => window);

  it("keeps what is done of the lesson when the window is loaded again, and brings its page back", async () => {
    await window.workbench.run("Quantscope: Open Lesson");
    await shown().getByText("0 of 10 sections done").waitFor();
    await shown().getByRole("checkbox", { name: "Done with “Why quantization matters”" }).click();
    await shown().getByText("1 of 10 sections done").waitFor();
    await window.reload();
    await shown().getByText("1 of 10 sections done").waitFor({ timeout: 60_000 });
    assert.equal(await shown().getByRole("checkbox", { name: "Done with “Why quantization matters”" }).isChecked(), true);
  });

  it("shows what GPTQ does to a layer on inputs that were kept apart", async () => {
    const { page, workbench } = window;
    await workbench.openCheckpoint("model.safetensors");
    await workbench.run("View: Toggle Primary Side Bar Visibility");
    await workbench.run("Quantscope: Explore GPTQ…");
    await workbench.quickInput.locator('.quick-input-list .monaco-list-row[aria-label*="Sample text"]').first().click();
    for (const [prompt, answer] of [
      ["Number of samples", "64"],
      ["Tokens of a sample", "128"],
    ] as const) {
      await workbench.quickInput.getByText(prompt).waitFor();
      await workbench.input.fill(answer);
      await page.keyboard.press("Enter");
    }
    await shown().getByRole("region", { name: "Figures" }).waitFor({ timeout: 120_000 });
    await shown().getByRole("progressbar").waitFor({ state: "detached", timeout: 120_000 });
    await page.mouse.move(300, 4);
    await page.waitForTimeout(600);
    await page.screenshot({ path: path.join(pictures, "gptq-dark.png"), caret: "hide" });
  });

  for (const [theme, name, kind] of themes) {
    it(`${theme}: no finding of axe, and pictures`, async () => {
      const { page, workbench } = window;
      await workbench.chooseTheme(theme);
      for (const [command, what, ready] of [
        ["Open Lesson", "lesson", () => shown().getByText("28.0 GB = 26.08 GiB")],
        ["Open Playground", "playground", () => shown().getByRole("heading", { name: "Playground" })],
        ["Open Size Estimator", "estimator", () => shown().getByRole("heading", { level: 1 })],
      ] as const) {
        await workbench.run(`Quantscope: ${command}`);
        await shown().locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
        await ready().first().waitFor();
        await page.mouse.move(300, 4);
        await page.waitForTimeout(1500);
        await page.screenshot({ path: path.join(pictures, `${what}-${name}.png`), caret: "hide" });
        await expectAccessible(await workbench.editorFrame(), `${what} in ${theme}`);
      }
    });
  }
});
