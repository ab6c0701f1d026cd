import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { estimateMemory } from "../../src/core/estimate/estimateMemory";
import { shapesFromCheckpoint } from "../../src/core/estimate/modelShapes";
import { openPath } from "../../src/io/openPath";
import { gemma2 } from "../support/modelConfigs";
import { temporaryFolder } from "../support/temporaryFolder";
import { openEstimator, tableOf, tile } from "../support/webview/estimatorLocators";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");
const GiB = 2 ** 30;

describe("formulas and figures of the Size Estimator", () => {
  const folder = temporaryFolder();
  const browser = WebviewBrowser.use();

  const open = (choice?: unknown, files: Record<string, string> = {}) => openEstimator(browser, choice, files);

  it("shows the formulas with the numbers put in", async () => {
    const { page } = await open({ line: "8B", context: 8192 });
    await page.getByText("How this is computed").click();
    const how = page.locator(".how");
    await how.getByText("32 layers × 8 KV heads × (128 + 128) values × 2 bytes × 8,192 tokens = 1.000 GiB").waitFor();
    await how.getByText("output: 512 tokens × (128,256 + 4,096) values × 4 bytes = 0.252 GiB ← the larger counts").waitFor();
    await how.getByText("layer: 512 tokens × ((28,672 + 2 × 4,096) values × 4 bytes + 8,192 tokens × 6 bytes) = 0.094 GiB").waitFor();
    await how.getByText("Without flash attention the scores of 32 heads for 8,192 tokens are kept, too: 0.547 GiB.").waitFor();
    await tableOf(page)
      .getByRole("row", { name: /^INT4 half/ })
      .click();
    await how.getByText("8,000,000,000 weights × 4.0000 bits / 8 = 3.725 GiB = 4,000,000,000 bytes").waitFor();
    await how.getByText("3.725 + 1.000 + 0.252 = 4.978 GiB").waitFor();
  });

  it("shows codes, scales and what is not quantized apart, as the core counts them, and says them", async () => {
    const { page } = await open({ source: "checkpoint", checkpoint: `file://${sample}` });
    await tableOf(page)
      .getByRole("row", { name: /^Q4_K_M/ })
      .click();
    const checkpoint = await openPath(sample);
    const shapes = await shapesFromCheckpoint(checkpoint);
    await checkpoint.close();
    const { rows } = estimateMemory({ shapes, types: ["Q4_K_M"], context: 8192, sequences: 1, memories: [] });
    const { parts, neededBytes } = rows[0]!;
    const figure = page.locator("figure.parts");
    const widths = await figure.locator("rect").evaluateAll((found) => found.map((rect) => parseFloat(rect.getAttribute("width") ?? "")));
    const shares = [parts.codes, parts.scales, parts.plain].map((bytes) => Number(((100 * bytes) / neededBytes).toFixed(2)));
    assert.deepEqual(widths.slice(0, 3), shares);
    assert.ok(shares[0]! > shares[1]! && shares[1]! > shares[2]! && Math.abs(widths.reduce((sum, width) => sum + width) - 100) < 0.05);
    // Too little to be seen of so small a model, but said.
    assert.match(
      (await figure.getByRole("img").getAttribute("aria-label")) ?? "",
      /^Q4_K_M: codes < 0\.01, scales < 0\.01, not quantized < 0\.01, KV cache 0\.02, working memory ≈ 0\.0\d GiB$/,
    );
    const cell = tableOf(page)
      .getByRole("row", { name: /^Q4_K_M/ })
      .locator(".bars-cell");
    assert.equal(
      await cell.locator(".sr").innerText(),
      "codes < 0.01, scales < 0.01, not quantized < 0.01, KV cache 0.02, working memory ≈ 0.03 GiB",
    );
    assert.equal(await cell.locator("rect").count(), 5);
  });

  it("saves the chart of the rows that are shown as a picture", async () => {
    const { page, host } = await open();
    await page.getByRole("textbox", { name: "Filter formats" }).fill("q4_k");
    await page.getByText("3 of 76 formats").waitFor();
    const save = async () => {
      await page.getByRole("button", { name: "Export…" }).click();
      await page.getByRole("menuitem", { name: "Chart as PNG…" }).click();
    };
    await save();
    await until(page, () => document.querySelector("[aria-live=polite]")?.textContent?.startsWith("Saved."));
    const [{ name, content }] = host.saved as [{ name: string; content: Uint8Array }];
    assert.equal(name, "estimate.png");
    const png = Buffer.from(content);
    assert.equal(png.subarray(1, 4).toString("latin1"), "PNG");
    // Width and height in the first chunk: 960 pixels, and 126 with 20 for each of three rows, at two a pixel.
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * 960, 2 * (126 + 3 * 20)]);
    await page.getByRole("textbox", { name: "Filter formats" }).fill("nothing like it");
    await page.getByText("No format matches “nothing like it”.").waitFor();
    await save();
    assert.equal(host.saved.length, 1);
  });

  it("says how engines keep more than is needed, and what it does not know of layers with a state", async () => {
    const config = folder("config.json");
    const { page, host } = await open(undefined, { config });
    const ask = async (figures: Record<string, unknown>) => {
      writeFileSync(config, JSON.stringify(figures));
      host.estimator.choose({ ...host.estimator.choice, source: "config", config: `file://${config}` });
    };
    await ask(gemma2);
    await page.getByText("How this is computed").click();
    const how = page.locator(".how");
    const layer = 2 * 8 * 256 * 2;
    const [padded, whole] = [21 * layer * (8192 + 4608), 42 * layer * 8192].map((bytes) => (bytes / GiB).toFixed(3)) as [string, string];
    await how.getByText(`up to a multiple of 256: ${padded} GiB in all.`).waitFor();
    await how.getByText(`keep all tokens in every layer: ${whole} GiB.`).waitFor();
    await ask({ ...gemma2, model_type: "mistral", tie_word_embeddings: true });
    await how.getByText(`llama.cpp does not use the windows of this family and keeps all tokens in every layer: ${whole} GiB.`).waitFor();
    await ask({ ...gemma2, model_type: "llama", mamba_d_state: 16 });
    await how.getByText("Not known: some layers keep a state of fixed size instead of keys and values").waitFor();
    assert.match(await tile(page, "KV cache").innerText(), /^–/);
    // Every fourth layer has attention; (4 − 1) × (256 + 2 × 2 × 64) values of the convolution, and 64 × 256 of the state.
    await ask({
      ...{ model_type: "qwen3_next", num_hidden_layers: 4, hidden_size: 256, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 64 },
      ...{
        linear_num_key_heads: 2,
        linear_num_value_heads: 4,
        linear_key_head_dim: 64,
        linear_value_head_dim: 64,
        linear_conv_kernel_dim: 4,
      },
      ...{ num_experts: 2, num_experts_per_tok: 1, moe_intermediate_size: 64, intermediate_size: 64, vocab_size: 512 },
    });
    await how.getByText("3 layers with a state × 17,920 values × 4 bytes").waitFor();
    await page.getByText("Read, not assumed: 1 layers × 2 KV heads × 64, 3 layers with a state of fixed size.").waitFor();
  });
});
