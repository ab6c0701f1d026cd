import assert from "node:assert/strict";
import path from "node:path";
import { EditorLocators } from "../support/webview/locators";
import { SessionPageHost } from "../support/webview/sessionHost";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

describe("tensor table", () => {
  const browser = WebviewBrowser.use();

  async function open(options = {}) {
    const host = new SessionPageHost(sample);
    const webview = await browser.page(host, options);
    return { host, webview, page: webview.page, at: new EditorLocators(webview.page) };
  }

  it("shows what the checkpoint is and what it is made of", async () => {
    const { page, at } = await open();
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "model.safetensors");
    const facts = await page.locator(".facts-strip li").allTextContents();
    assert.deepEqual(facts, ["Llama", "4,196,608 weights", "8.39 MB", "BF16", "16.0 bits/weight", "safetensors"]);
    const labels = await page.locator(".composition-labels li").allTextContents();
    assert.deepEqual(
      labels.map((label) => label.replace(/\s+/g, " ").trim()),
      ["Embeddings 12.5 %", "Attention 18.7 %", "MLP 56.2 % 2.36 M weights", "Output 12.5 %", "Norms 0.05 %"],
    );
    assert.match((await at.status.textContent()) ?? "", /^39 tensors/);
  });

  it("tells assistive technology the size, level and place of rows that are not in the document", async () => {
    const { at } = await open();
    // 39 tensors, 4 layers with 2 groups each, and the header.
    assert.equal(await at.grid.getAttribute("aria-rowcount"), String(39 + 12 + 1));
    const query = at.row("model.layers.0.self_attn.q_proj.weight");
    assert.deepEqual(
      await query.evaluate((row) => ["aria-level", "aria-posinset", "aria-setsize", "aria-rowindex"].map((name) => row.getAttribute(name))),
      ["3", "1", "4", "6"],
    );
    assert.equal(await at.row("model.layers.0").getAttribute("aria-expanded"), "true");
  });

  it("groups by module, and opens and closes groups", async () => {
    const { at } = await open();
    assert.deepEqual((await at.labels()).slice(0, 5), [
      "model.embed_tokens.weight",
      "model.layers.0",
      "input_layernorm",
      "self_attn",
      "q_proj",
    ]);
    assert.match((await at.row("model.layers.0").textContent()) ?? "", /9 tensors\s+BF16\s+787 k/);
    await at.row("model.layers.0").click();
    assert.deepEqual((await at.labels()).slice(0, 3), ["model.embed_tokens.weight", "model.layers.0", "model.layers.1"]);
    await at.row("model.layers.0").click();
    assert.equal((await at.labels())[2], "input_layernorm");
  });

  it("lists tensors in the order of the file", async () => {
    const { page, at } = await open();
    await page.getByRole("radio", { name: "List" }).click();
    assert.equal((await at.labels())[0], "lm_head.weight");
    assert.equal(await at.grid.getAttribute("aria-rowcount"), "40");
  });

  it("filters while one types, opens what matches, and says when nothing does", async () => {
    const { page, at } = await open();
    await at.row("model.layers.1").click();
    await at.filter.fill("layers.*down");
    await until(page, () => document.querySelector(".list-status")?.textContent?.startsWith("4 of 39"));
    assert.deepEqual((await at.labels()).slice(0, 6), ["model.layers.0", "mlp", "down_proj", "model.layers.1", "mlp", "down_proj"]);
    await at.filter.fill("nothing like it");
    await page.getByText("No tensor matches “nothing like it”.").waitFor();
    await at.button("Clear filter").click();
    // The group that was closed before is closed again.
    assert.equal(await at.row("model.layers.1").getAttribute("aria-expanded"), "false");
  });

  it("sorts by every column and back", async () => {
    const { page, at, host } = await open({ width: 1900 });
    await page.getByRole("radio", { name: "List" }).click();
    await at.button("Scan").click();
    await page.getByText("all scanned").waitFor();
    await page.getByRole("button", { name: "Choose columns" }).click();
    for (const name of ["Size", "Offset", "Minimum", "Maximum", "Mean", "Kurtosis", "Zeros"]) {
      await page.getByRole("menuitemcheckbox", { name }).click();
    }
    await page.keyboard.press("Escape");
    const unsorted = await at.labels();
    const headers = await at.grid.getByRole("columnheader").evaluateAll((cells) => cells.map((cell) => cell.textContent?.trim() ?? ""));
    assert.equal(headers.length, 14);
    for (const name of headers) {
      const header = at.header(name);
      await header.click();
      const first = await header.getAttribute("aria-sort");
      const firstLabels = await at.labels();
      await header.click();
      const second = await header.getAttribute("aria-sort");
      const secondLabels = await at.labels();
      assert.deepEqual([first, second].sort(), ["ascending", "descending"], name);
      // All rows have the same type, and none has zeros, so these two columns leave the order as it is.
      if (!["Type", "Zeros"].includes(name)) assert.notDeepEqual(firstLabels, secondLabels, name);
      await header.click();
      assert.equal(await header.getAttribute("aria-sort"), "none");
      assert.deepEqual(await at.labels(), unsorted, name);
    }
    assert.deepEqual(host.failures, []);
  });

  it("keeps chosen columns, and lets them give way to a narrow list", async () => {
    const { page, at } = await open({ width: 760, height: 800 });
    await page.setViewportSize({ width: 420, height: 800 });
    await until(page, () => document.querySelectorAll(".tensor-grid [role=columnheader]").length < 7);
    const headers = await at.grid.getByRole("columnheader").allTextContents();
    assert.ok(!headers.join().includes("Type"));
    await page.getByRole("button", { name: "Choose columns" }).click();
    const type = page.getByRole("menuitemcheckbox", { name: /^Type/ });
    assert.match((await type.textContent()) ?? "", /hidden while the list is narrow/);
    assert.equal(await type.getAttribute("aria-checked"), "true");
  });

  it("cuts long names in the middle and keeps the whole as text and tooltip", async () => {
    const { page, at } = await open({ width: 900 });
    await page.getByRole("radio", { name: "List" }).click();
    const name = "model.layers.0.post_attention_layernorm.weight";
    const cell = at.row(name).locator(".tensor-name");
    assert.equal((await cell.textContent())?.trim(), name);
    const shown = await cell.evaluate((element) => {
      const [head, tail] = [element.querySelector(".mid-head")!, element.querySelector(".mid-tail")!];
      return { cut: head.scrollWidth > head.clientWidth, tailWhole: tail.scrollWidth <= tail.clientWidth + 1, tail: tail.textContent };
    });
    assert.deepEqual({ cut: shown.cut, tailWhole: shown.tailWhole }, { cut: true, tailWhole: true });
    assert.match(shown.tail ?? "", /weight$/);
  });

  it("shows only what the selected row is about", async () => {
    const { page, at } = await open();
    await at.row("model.layers.0.self_attn.k_proj.weight").click();
    assert.equal(await at.row("model.layers.0.self_attn.k_proj.weight").getAttribute("aria-selected"), "true");
    assert.equal(await page.locator(".tensor-row[aria-selected=true]").count(), 1);
    assert.equal((await page.locator(".detail-head h2").textContent())?.trim(), "model.layers.0.self_attn.k_proj.weight");
    assert.match(
      (await page.locator(".detail-facts").textContent()) ?? "",
      /^128 × 256 · BF16 · 32,768 weights · 65.5 kB at offset [\d,]+$/,
    );
  });
});
