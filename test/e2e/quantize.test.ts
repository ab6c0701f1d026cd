import assert from "node:assert/strict";
import { copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { sharedOrSkip, sharedPath } from "../support/shared";
import { expectAccessible } from "./support/axe";
import { ownWindow, pictures } from "./support/ownWindow";
import { copySample } from "./support/sampleModel";

/** Checkpoints of quantizers of PyTorch models, by the method shown for their layers. */
const packed = { GPTQ: "gptq-4b-g128-sym", NF4: "bnb-nf4-dq" };

function copySampleAndPacked(folder: string): void {
  copySample(folder);
  for (const name of Object.values(packed)) {
    const source = sharedPath(`fixtures/quantized/${name}`);
    // Beside the sample, where the explorer shows them at once.
    if (source) copyFileSync(path.join(source, "model.safetensors"), path.join(folder, `${name}.safetensors`));
  }
}

/** *Quantize…* as a user goes through it, and what others have quantized. */
describe("quantizing, and what is quantized", function () {
  this.timeout(300_000);
  // High enough for everything that belongs to one tensor.
  const window = ownWindow("quantize", { fill: copySampleAndPacked, size: { width: 1360, height: 1100 } });

  async function take(what: string): Promise<void> {
    await window.page.mouse.move(300, 4);
    await window.page.waitForTimeout(400);
    await window.page.screenshot({ path: path.join(pictures, `${what}.png`), caret: "hide" });
  }

  it("asks, shows what would be written, writes it and opens it", async () => {
    const { workbench, page } = window;
    const editor = await workbench.openCheckpoint("model.safetensors");
    await editor.button("Quantize…").click();
    const marked = workbench.quickInput.locator(".quick-input-list .monaco-list-row.focused");
    await marked.getByText("GGUF for llama.cpp").waitFor();
    // Enter takes the first answer of each question; an empty size is refused in words.
    await page.keyboard.press("Enter");
    await marked.getByText("Fit a size…").waitFor();
    await page.keyboard.press("Enter");
    await workbench.quickInput.getByText("Size that the whole file may take").waitFor();
    await page.keyboard.press("Enter");
    await workbench.quickInput.getByText("A number with a unit, such as 3.9 GB or 800 MiB.").waitFor();
    await page.keyboard.press("Escape");
    await editor.button("Quantize…").click();
    for (const label of ["GGUF for llama.cpp", "Q4_K_M", "Plain", "As llama.cpp does"]) {
      const row = workbench.quickInput.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first();
      await workbench.input.fill(label);
      await row.click();
    }
    // The dialog proposes a name beside the checkpoint.
    await workbench.quickInput.getByText("File to write").waitFor();
    // It does so a while after it has opened, over whatever was typed before.
    while (!(await workbench.input.inputValue()).endsWith("model-Q4_K_M.gguf")) await page.waitForTimeout(50);
    const target = path.join(window.folder, "written-Q4_K_M.gguf");
    await workbench.input.fill(target);
    await page.keyboard.press("Enter");

    const preflight = page.frameLocator("iframe.webview.ready:visible").frameLocator("iframe#active-frame");
    await preflight.getByRole("button", { name: "Write", exact: true }).waitFor();
    await preflight.getByRole("grid").getByText("Q6_K").first().waitFor();
    assert.ok(!existsSync(target), "nothing is written yet");
    await expectAccessible(await workbench.editorFrame(), "pre-flight");
    await take("preflight-dark");
    await preflight.getByRole("button", { name: "Write", exact: true }).click();
    const toast = await workbench.toast("written-Q4_K_M.gguf is written");
    assert.ok(existsSync(target));
    await toast.getByRole("button", { name: "Open", exact: true }).click();
    const written = workbench.editor();
    await written.frame.getByRole("heading", { level: 1, name: "written-Q4_K_M.gguf" }).waitFor();
    await written.row("blk.0.ffn_gate.weight").waitFor();
  });

  for (const [method, name] of Object.entries(packed)) {
    it(`shows the values of ${method} layers`, async function () {
      sharedOrSkip(this, `fixtures/quantized/${name}`);
      const editor = await window.workbench.openCheckpoint(`${name}.safetensors`);
      await editor.row("model.layers.0.mlp.gate_proj.weight").click();
      await editor.tab("Values").click();
      await editor.values.locator("#value-0-0").filter({ hasText: /\d/ }).waitFor();
      assert.match((await editor.frame.locator(".detail, main").first().textContent()) ?? "", new RegExp(method));
      await take(`values-${method.toLowerCase()}-dark`);
    });
  }
});
