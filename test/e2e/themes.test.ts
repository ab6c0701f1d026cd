import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expectAccessible } from "./support/axe";
import { pictures } from "./support/ownWindow";
import { sampleGguf } from "./support/sampleGguf";
import { sampleFolder, sampleTensors } from "./support/sampleModel";
import { themes } from "./support/themes";
import { openWindow, pictureFailures, type TestWindow } from "./support/window";

/** The editor in the four kinds of theme: rules of accessibility, and the pictures of the README under `test/screenshots`. */
describe("the editor in every kind of theme", function () {
  this.timeout(180_000);
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "quantscope-themes-")), "tiny-llama");
  let window: TestWindow;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    mkdirSync(folder);
    for (const name of ["config.json", "model.safetensors"]) copyFileSync(path.join(sampleFolder, name), path.join(folder, name));
    writeFileSync(path.join(folder, "model-Q4_K.gguf"), sampleGguf(sampleTensors()));
    window = await openWindow(folder);
    const { page, workbench } = window;
    // High enough for everything that belongs to one tensor.
    await page.setViewportSize({ width: 1360, height: 960 });

    const gguf = await workbench.openCheckpoint("model-Q4_K.gguf");
    await gguf.scan();
    await gguf.row("blk.1.ffn_gate.weight").click();
    await gguf.tab("Values").click();

    const original = await workbench.openCheckpoint("model.safetensors");
    await original.scan();
    await original.row("model.layers.1.mlp.gate_proj.weight").click();
    await original.choose("Quantize to", "Affine integer");
    await original.choose("Group", "Per channel");
    await original.choice("Bits", "4").click();
    await workbench.run("View: Toggle Primary Side Bar Visibility");
  });
  after(async () => {
    await window?.close();
    rmSync(path.dirname(folder), { recursive: true, force: true });
  });
  pictureFailures(() => window);

  for (const [theme, name, kind] of themes) {
    it(`${theme}: no finding of axe, and pictures`, async () => {
      const { page, workbench } = window;
      const take = async (what: string): Promise<void> => {
        // No tooltip and no caret; the title bar reacts to nothing.
        await page.mouse.move(300, 4);
        await page.waitForTimeout(400);
        await page.screenshot({ path: path.join(pictures, `${what}-${name}.png`), caret: "hide" });
      };
      const check = async (what: string): Promise<void> => expectAccessible(await workbench.editorFrame(), `${what} in ${theme}`);
      await workbench.chooseTheme(theme);

      const original = await workbench.showEditor("model.safetensors");
      await original.frame.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
      await original.frame.locator('qs-figure-view .chart-focus[aria-label*="INT4"]').waitFor();
      await take("editor");
      await check("Histogram");
      await original.tab("Types").click();
      await original.frame.getByRole("img", { name: /against bits per weight/ }).waitFor();
      await original.frame.locator("qs-types-tab .pill").waitFor({ state: "detached" });
      await take("types");
      await check("Types");
      await original.tab("Histogram").click();
      const errors = await workbench.showErrors("model.safetensors");
      await errors.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
      await errors.getByRole("heading", { name: "What to keep in Q8_0" }).waitFor();
      await take("errors");
      await check("Errors");
      await workbench.showEditor("model.safetensors");
      await workbench.run("Quantscope: Estimate Size");
      await workbench.input.fill("7B");
      await workbench.picks.filter({ hasText: "28.0 GB" }).first().waitFor();
      await take("estimate");
      await page.keyboard.press("Escape");

      const gguf = await workbench.showEditor("model-Q4_K.gguf");
      await gguf.tab("Values").click();
      await gguf.values.locator("#value-0-0").filter({ hasText: /\d/ }).waitFor();
      await gguf.frame.getByRole("region", { name: "Block", exact: true }).waitFor();
      await take("values");
      await check("Values");
      await gguf.tab("Metadata").click();
      await gguf.frame.getByRole("treegrid", { name: "Metadata" }).getByText("tokenizer.ggml.tokens").waitFor();
      await take("metadata");
      await check("Metadata");
    });
  }
});
