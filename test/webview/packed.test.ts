import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { bytesOfWords, randomHalves, randomWords } from "../support/packedWriter";
import { writeSafetensors } from "../support/safetensorsWriter";
import { temporaryFolder } from "../support/temporaryFolder";
import { EditorLocators } from "../support/webview/locators";
import { SessionPageHost } from "../support/webview/sessionHost";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const [rows, columns, group] = [32, 96, 32];
const groups = columns / group;

/** A GPTQ layer of 4 bits, and a norm. */
function writePacked(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const name = "model.layers.0.mlp.down_proj";
  const weights = writeSafetensors([
    { name: `${name}.qweight`, dtype: "I32", shape: [columns / 8, rows], bytes: bytesOfWords(randomWords((columns / 8) * rows, 1)) },
    { name: `${name}.qzeros`, dtype: "I32", shape: [groups, rows / 8], bytes: bytesOfWords(randomWords(groups * (rows / 8), 2)) },
    { name: `${name}.scales`, dtype: "F16", shape: [groups, rows], bytes: randomHalves(groups * rows, 3) },
    { name: "model.layers.0.input_layernorm.weight", dtype: "F16", shape: [96] },
  ]);
  writeFileSync(`${folder}/model.safetensors`, weights);
  const quantization = { quant_method: "gptq", bits: 4, group_size: group, desc_act: false, sym: false };
  writeFileSync(`${folder}/config.json`, JSON.stringify({ model_type: "llama", quantization_config: quantization }));
}

describe("packed weights", () => {
  const browser = WebviewBrowser.use();
  const at = temporaryFolder();

  it("are shown as what they mean with how they are stored, and on demand as they are stored", async () => {
    writePacked(at("gptq"));
    const { page } = await browser.page(new SessionPageHost(at("gptq", "model.safetensors")));
    const locate = new EditorLocators(page);
    await page.getByText(/^GPTQ · 4 bits in groups of 32/).waitFor();
    assert.match((await locate.status.textContent()) ?? "", /^2 tensors/);

    await locate.button("Choose columns").click();
    const item = page.getByRole("menuitemcheckbox", { name: "Stored tensors" });
    assert.equal(await item.getAttribute("aria-checked"), "false");
    await item.click();
    await locate.row("model.layers.0.mlp.down_proj.qweight").waitFor();
    await page.keyboard.press("Escape");
    assert.match((await locate.status.textContent()) ?? "", /^4 tensors/);
    assert.equal(await page.getByText(/changed on disk/).count(), 0, "nothing changed on disk");
    await locate.row("model.layers.0.mlp.down_proj.scales").click();
    await locate.tab("Values").click();
    await page.getByRole("img", { name: /^Heat map/ }).waitFor();

    await locate.button("Choose columns").click();
    await item.click();
    await locate.row("model.layers.0.mlp.down_proj.weight").waitFor();
    await page.keyboard.press("Escape");
    assert.match((await locate.status.textContent()) ?? "", /^2 tensors/);
  });

  it("show the code behind each value", async () => {
    writePacked(at("codes"));
    const { page } = await browser.page(new SessionPageHost(at("codes", "model.safetensors")));
    const locate = new EditorLocators(page);
    await locate.row("model.layers.0.mlp.down_proj.weight").click();
    await locate.tab("Values").click();
    await page.getByRole("radio", { name: "Codes" }).click();
    const words = randomWords((columns / 8) * rows, 1);
    for (const [row, column] of [
      [0, 0],
      [3, 1],
      [2, 9],
    ] as const) {
      const code = (words[(column >> 3) * rows + row]! >>> (4 * (column & 7))) & 15;
      await until(page, ([id, text]) => document.getElementById(id!)?.textContent?.trim() === text, [
        `value-${row}-${column}`,
        String(code),
      ]);
    }
    await page.getByRole("radio", { name: "Decoded" }).click();
    await until(page, () => document.getElementById("value-0-0")?.textContent?.includes("."));
  });

  it("offer nothing of that where there are none", async () => {
    writePacked(at("plain"));
    writeFileSync(at("plain", "model.safetensors"), writeSafetensors([{ name: "w", dtype: "F16", shape: [96] }]));
    const { page } = await browser.page(new SessionPageHost(at("plain", "model.safetensors")));
    await new EditorLocators(page).button("Choose columns").click();
    await page.getByRole("menuitemcheckbox").first().waitFor();
    assert.equal(await page.getByRole("menuitemcheckbox", { name: "Stored tensors" }).count(), 0);
  });
});
