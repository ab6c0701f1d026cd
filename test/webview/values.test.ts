import assert from "node:assert/strict";
import path from "node:path";
import { temporaryFolder } from "../support/temporaryFolder";
import { decodedBlocks, writeBlockCheckpoint } from "../support/webview/blockCheckpoint";
import { EditorLocators } from "../support/webview/locators";
import { SessionPageHost } from "../support/webview/sessionHost";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

describe("values tab", () => {
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  async function open(file: string, tensor: string) {
    const host = new SessionPageHost(file);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.filter.fill(tensor);
    await at.row(tensor).click();
    await at.tab("Values").click();
    const grid = page.getByRole("grid", { name: "Values" });
    await until(page, () => (document.querySelector(".values-row [role=gridcell]")?.textContent?.trim() ?? "") !== "");
    const cell = (row: number, column: number) => page.locator(`#value-${row}-${column}`);
    const readout = async (): Promise<string> => (await page.locator(".values-readout").textContent())?.replace(/\s+/g, " ").trim() ?? "";
    const goTo = async (index: string): Promise<void> => {
      await page.getByRole("textbox", { name: "Go to index" }).fill(index);
      await page.keyboard.press("Enter");
    };
    return { host, page, at, grid, cell, readout, goTo };
  }

  async function openBlocks(tensor: string) {
    const file = folder("blocks.gguf");
    writeBlockCheckpoint(file);
    return open(file, tensor);
  }

  it("shows the real numbers with their rows and columns", async () => {
    const { grid, cell, page } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    assert.equal(await grid.getAttribute("aria-rowcount"), "257");
    assert.equal(await grid.getAttribute("aria-colcount"), "769");
    assert.equal((await cell(0, 0).textContent())?.trim(), "−0.0669");
    assert.deepEqual(
      (await grid.getByRole("columnheader").allTextContents()).slice(0, 4).map((text) => text.trim()),
      ["Row", "0", "1", "2"],
    );
    const cells = await grid.getByRole("gridcell").count();
    assert.ok(cells > 60 && cells < 400, `${cells} cells drawn`);
    await page.getByRole("img", { name: /^Heat map of 256 rows by 768 columns/ }).waitFor();
  });

  it("goes to an index, and says when there is none such", async () => {
    const { page, cell, readout, goTo, host } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    await goTo("200, 700");
    await cell(200, 700).waitFor();
    await until(page, () =>
      /^\[200, 700\] −?\d/.test(document.querySelector(".values-readout")?.textContent?.replace(/\s+/g, " ").trim() ?? ""),
    );
    const exact = await readout();
    await goTo("256, 0");
    await page.getByText("There is no such index. The shape is 256 × 768; indices start at 0.").waitFor();
    assert.equal(await readout(), exact);
    assert.deepEqual(host.failures, []);
  });

  it("moves by keyboard, across the borders of what is fetched", async () => {
    const { page, grid, cell, readout } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    await grid.focus();
    await page.keyboard.press("Control+End");
    await cell(255, 767).waitFor();
    assert.equal(await grid.getAttribute("aria-activedescendant"), "value-255-767");
    await page.keyboard.press("Home");
    await cell(255, 0).waitFor();
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowUp");
    const active = (await grid.getAttribute("aria-activedescendant")) ?? "";
    assert.match(active, /^value-2[0-4]\d-1$/);
    await until(page, (id) => document.getElementById(id)?.textContent?.trim() !== "", active);
    const [, row] = active.split("-");
    assert.match(await readout(), new RegExp(`^\\[${row}, 1\\] −?0\\.\\d+$`));
  });

  it("scrolls natively and fetches what comes into view", async () => {
    const { page, grid, cell } = await open(sample, "model.embed_tokens.weight");
    await grid.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await cell(2047, 0).waitFor();
    await until(page, () => document.getElementById("value-2047-0")?.textContent?.trim() !== "");
    // The active cell is out of view: it is not claimed to be in the document.
    assert.equal(await grid.getAttribute("aria-activedescendant"), null);
    // Also while the space for it shrinks, as it does when the picture of the matrix comes: the end stays the end.
    await page.setViewportSize({ width: 1200, height: 560 });
    await page.waitForTimeout(150);
    await cell(2047, 0).waitFor();
  });

  it("keeps its place when its size changes and when it was hidden", async () => {
    const { page, at, goTo, cell } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    await goTo("100, 200");
    await cell(100, 200).waitFor();
    await page.setViewportSize({ width: 1200, height: 640 });
    await page.waitForTimeout(150);
    await cell(100, 200).waitFor();
    await at.tab("Histogram").click();
    await at.tab("Values").click();
    await cell(100, 200).waitFor();
    assert.ok(await page.locator(".values-grid").evaluate((grid) => grid.scrollTop > 500 && grid.scrollLeft > 1000));
  });

  it("copies a cell with all its digits, and a page as a spreadsheet reads it", async () => {
    const { page, grid, host, readout } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    await grid.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+c");
    await page.getByText("Copied.").waitFor({ state: "attached" });
    assert.equal(host.copied[0], (await readout()).split(" ").pop()?.replace("−", "-"));
    await page.getByRole("button", { name: "Copy values" }).click();
    await page.getByRole("menuitem", { name: "Copy page" }).click();
    await page.waitForTimeout(100);
    const lines = host.copied[1]?.split("\n") ?? [];
    assert.ok(lines.length >= 10);
    assert.ok(lines.every((line) => line.split("\t").length === lines[0]!.split("\t").length && !line.includes("−")));
    assert.equal(Number(lines[1]!.split("\t")[0]), Number(host.copied[0]));
  });

  it("puts the focus on the index field with Ctrl+G", async () => {
    const { page, grid } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    await grid.focus();
    await page.keyboard.press("Control+g");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Go to index");
  });

  it("moves the page from the picture of the matrix", async () => {
    const { page, readout } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    const map = page.getByRole("img", { name: /^Heat map/ });
    const box = (await map.boundingBox())!;
    await map.click({ position: { x: box.width / 2, y: box.height / 2 } });
    assert.match(await readout(), /^\[12\d, 38\d\]/);
    await map.focus();
    await page.keyboard.press("ArrowDown");
    assert.match(await readout(), /^\[1[345]\d, 38\d\]/);
  });

  it("tints cells by value unless told not to", async () => {
    const { page, cell } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    await page.getByRole("img", { name: /^Heat map/ }).waitFor();
    const color = (): Promise<string> => cell(0, 0).evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.equal(await cell(0, 0).getAttribute("data-sign"), "negative");
    const tinted = await color();
    await page.getByRole("checkbox", { name: "Tint cells" }).click();
    await until(page, () => !document.getElementById("value-0-0")?.hasAttribute("data-sign"));
    assert.notEqual(await color(), tinted);
  });

  it("decodes blocks as ggml does, and shows their codes", async () => {
    const { page, cell, readout, goTo } = await openBlocks("blk.0.q4_K.weight");
    const truth = decodedBlocks("q4_K");
    for (const [row, column] of [
      [0, 0],
      [1, 255],
      [3, 1023],
    ] as const) {
      await goTo(`${row}, ${column}`);
      await until(page, (id) => (document.getElementById(id)?.textContent?.trim() ?? "") !== "", `value-${row}-${column}`);
      assert.equal(Number((await readout()).split(" ").pop()!.replaceAll("−", "-")), truth[row * 1024 + column]);
    }
    await page.getByRole("radio", { name: "Codes" }).click();
    assert.match((await cell(3, 1023).textContent())?.trim() ?? "", /^\d{1,2}$/);
    assert.equal(await page.getByRole("checkbox", { name: "Tint cells" }).count(), 0);
  });

  it("takes the block of the selected weight apart", async () => {
    const { page, goTo } = await openBlocks("blk.0.q4_K.weight");
    await goTo("2, 302");
    const panel = page.getByRole("region", { name: "Block", exact: true });
    await panel.getByText("Block: row 2, columns 256–511").waitFor();
    assert.match((await panel.textContent()) ?? "", /2 of 4 in the row · offset [\d,]+/);
    await panel.getByRole("list", { name: /^Layout of the 144 bytes: d 2, dmin 2, scales 12, qs 128$/ }).waitFor();
    const line = panel.getByRole("img", { name: /^Number line of the 16 levels of sub-block 1; code \d+ decodes to / });
    const decoded = Number((await line.getAttribute("aria-label"))!.split("decodes to ")[1]!.replace(/\.$/, "").replaceAll("−", "-"));
    assert.ok(Math.abs(decoded - decodedBlocks("q4_K")[2 * 1024 + 302]!) < 1e-3 * Math.abs(decoded) + 1e-9);
    assert.equal(await panel.getByRole("row").count(), 9);
    assert.equal(await panel.locator("tr[aria-current=true] th").textContent(), "1");
    await panel.getByRole("button", { name: "Next block" }).click();
    await panel.getByText("Block: row 2, columns 512–767").waitFor();
    await page.locator("#value-2-512").waitFor();
  });

  it("shows signed codes of one scale without a table of sub-blocks", async () => {
    const { page } = await openBlocks("blk.0.q8_0.weight");
    const panel = page.getByRole("region", { name: "Block", exact: true });
    await panel.getByRole("img", { name: /^Number line of the 256 levels/ }).waitFor();
    assert.equal(await panel.getByRole("table").count(), 0);
    await panel.getByRole("img", { name: /^How often each code from -128 to 127 occurs in the 32 weights/ }).waitFor();
  });

  it("says what the codes of a code book stand for", async () => {
    const { page } = await openBlocks("blk.0.iq2_s.weight");
    const panel = page.getByRole("region", { name: "Block", exact: true });
    await panel.getByRole("list", { name: /^Layout of the 82 bytes: d 2, qs 32, signs 32, qh 8, scales 8$/ }).waitFor();
    await panel.getByRole("img", { name: /^Number line of the 6 levels of sub-block 0; code [0-5] decodes to / }).waitFor();
    assert.match((await panel.textContent())?.replace(/\s+/g, " ") ?? "", /L\[[0-5]\] = −?(8|25|43): \S+·−?(8|25|43) = /);
    await panel.getByText("zero lies between levels -8 and 8").waitFor();
    assert.equal(await panel.getByRole("row").count(), 17);
  });

  it("has no block for plain floats", async () => {
    const { page } = await open(sample, "model.layers.0.mlp.down_proj.weight");
    await page.waitForTimeout(300);
    assert.equal(await page.getByRole("region", { name: "Block", exact: true }).count(), 0);
    assert.equal(await page.getByRole("radiogroup", { name: "Show" }).count(), 0);
  });
});
