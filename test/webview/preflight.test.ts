import assert from "node:assert/strict";
import path from "node:path";
import { openModel } from "../../src/core/convert/openModel";
import { fileTypeOf } from "../../src/core/recipe/overrides";
import { planGguf } from "../../src/core/recipe/preflight";
import { loaderWarningText } from "../../src/core/export/loaderWarnings";
import { reasonText } from "../../src/core/recipe/reasons";
import { preflightPicture } from "../../src/extension/quantize/preflightPicture";
import { folderOf, openPath } from "../../src/io/openPath";
import type { PreflightPicture, PreflightRow } from "../../src/protocol/preflight";
import { assertAccessible } from "../support/webview/accessible";
import { PreflightPageHost } from "../support/webview/preflightHost";
import { themeNames } from "../support/webview/themes";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

/** What the sample's pre-flight shows. */
async function samplePicture(type: string): Promise<PreflightPicture> {
  const checkpoint = await openPath(sample);
  try {
    const fileType = fileTypeOf(type);
    const model = await openModel(checkpoint, await folderOf(sample));
    const plan = planGguf(model, path.join(__dirname, "sample.gguf"), { fileType });
    const setting = {
      type,
      agreed: "",
      requantized: "Quantized already.",
      reasonText,
      warningText: loaderWarningText,
      locale: "en",
      strings: {},
    };
    return await preflightPicture(checkpoint, { plan, fileType, notes: [] }, setting);
  } finally {
    await checkpoint.close();
  }
}

/** Runs in the page: whether each row begins where the one above it ends. */
const standsInLine = (): boolean => {
  const rows = [...document.querySelectorAll(".preflight-body .preflight-row")].map((row) => row.getBoundingClientRect());
  rows.sort((a, b) => a.top - b.top);
  return rows.length > 10 && rows.every((row, i) => i === 0 || Math.abs(row.top - rows[i - 1]!.bottom) < 1);
};

function madeRow(place: number, changes: Partial<PreflightRow> = {}): PreflightRow {
  const [name, shape] = [`blk.${place}.ffn_down.weight`, [64, 192]];
  return { name, shape, from: "F16", to: "Q4_K", bytes: 6912, isQuantized: true, rule: "base type of the file type", ...changes };
}

describe("the pre-flight page", () => {
  const browser = WebviewBrowser.use();

  it("says what becomes of each tensor, to the byte", async () => {
    const picture = await samplePicture("Q4_K_M");
    const { page } = await browser.page(new PreflightPageHost(picture), { page: "preflight" });
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "model.safetensors as Q4_K_M");
    const grid = page.getByRole("grid", { name: "What becomes of each tensor" });
    assert.equal(await grid.getAttribute("aria-rowcount"), String(picture.rows.length + 1));
    const output = page.getByRole("row").filter({ hasText: "output.weight" }).first();
    assert.match((await output.textContent()) ?? "", /2,048 × 256\s*BF16\s*Q6_K\s*430 kB\s*output matrix/);
    await page.getByText(new RegExp(`sample\\.gguf: ${new Intl.NumberFormat("en").format(picture.bytes)} bytes`)).waitFor();
  });

  it("calls a scheme by its label", async () => {
    const picture = { ...(await samplePicture("Q8_0")), type: "nf4-dq", typeLabel: "NF4 · normal float, double quantization" };
    const { page } = await browser.page(new PreflightPageHost(picture), { page: "preflight" });
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "model.safetensors as NF4 dq");
  });

  it("keeps its columns in line, however long a text is", async () => {
    const long = "a rule that takes far more room than there is, ".repeat(4);
    const rows = [madeRow(0), madeRow(1, { rule: long }), madeRow(2, { name: `blk.2.${"deep.".repeat(30)}weight` })];
    const picture = { ...(await samplePicture("Q8_0")), rows };
    const { page } = await browser.page(new PreflightPageHost(picture), { page: "preflight" });
    await page.getByRole("rowheader").nth(2).waitFor();
    const edges = await page
      .getByRole("row")
      .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => Math.round(cell.getBoundingClientRect().left))));
    assert.equal(edges.length, 4);
    for (const row of edges) assert.deepEqual(row, edges[0]);
  });

  it("shows rules in full where there is little room, and rows below them", async () => {
    const rule = "MLP down projection, first and last eighth of the layers and every third between";
    const rows = Array.from({ length: 200 }, (_, place) => madeRow(place, place % 3 === 0 ? { rule } : {}));
    const { page } = await browser.page(new PreflightPageHost({ ...(await samplePicture("Q8_0")), rows }), { page: "preflight" });
    for (const width of [1200, 820]) {
      await page.setViewportSize({ width, height: 700 });
      const cut = () =>
        page
          .locator(".preflight-body .wraps")
          .evaluateAll((all) => all.filter((cell) => cell.scrollWidth > cell.clientWidth || cell.scrollHeight > cell.clientHeight).length);
      await until(page, standsInLine);
      assert.equal(await cut(), 0, `${width}`);
    }
    await page.getByRole("grid").focus();
    await page.keyboard.press("Control+End");
    await page.getByRole("rowheader", { name: "blk.199.ffn_down.weight" }).waitFor();
  });

  it("makes room for rules that need it only later, as when the font of VS Code comes", async () => {
    const rows = Array.from({ length: 30 }, (_, place) =>
      madeRow(place, place % 3 === 0 ? { rule: "first and last eighth of the layers" } : {}),
    );
    const { page } = await browser.page(new PreflightPageHost({ ...(await samplePicture("Q8_0")), rows }), { page: "preflight" });
    const heights = () =>
      page.locator(".preflight-body .preflight-row").evaluateAll((all) => all.map((row) => Math.round(row.getBoundingClientRect().height)));
    await page.getByRole("rowheader").nth(20).waitFor();
    assert.deepEqual([...new Set(await heights())], [22]);
    await page.locator(".preflight-body").evaluate((body) => ((body as HTMLElement).style.letterSpacing = "12px"));
    await until(page, standsInLine);
    assert.ok(Math.max(...(await heights())) > 22);
  });

  it("lists kinds of rows, and those that fit a filter", async () => {
    const rows = [
      madeRow(0),
      madeRow(1, { from: "F32", to: "F32", isQuantized: false }),
      madeRow(2, { to: "Q5_0", fallback: { wanted: "Q4_K", extraBytes: 1536 } }),
    ];
    const picture = { ...(await samplePicture("Q8_0")), rows };
    const { page } = await browser.page(new PreflightPageHost(picture), { page: "preflight" });
    await page.getByText("One tensor gets another type, since its rows do not divide into blocks: 1.54 kB more.").waitFor();
    const names = () => page.getByRole("rowheader").allTextContents();
    const shown = async () => (await names()).map((name) => name.trim());
    await page.getByRole("radio", { name: "Fallbacks 1" }).click();
    assert.deepEqual(await shown(), ["blk.2.ffn_down.weight"]);
    await page.getByRole("radio", { name: "Not quantized 1" }).click();
    assert.deepEqual(await shown(), ["blk.1.ffn_down.weight"]);
    await page.getByRole("radio", { name: "All 3" }).click();
    await page.getByRole("textbox", { name: "Filter tensors" }).fill("blk.0");
    await page.getByRole("rowheader", { name: "blk.2" }).waitFor({ state: "detached" });
    assert.deepEqual(await shown(), ["blk.0.ffn_down.weight"]);
    await page.getByRole("textbox", { name: "Filter tensors" }).fill("nothing");
    await page.getByText("No tensors fit.").waitFor();
  });

  it("moves through a thousand rows by keyboard, and copies a cell", async () => {
    const rows = Array.from({ length: 1000 }, (_, place) => madeRow(place));
    const host = new PreflightPageHost({ ...(await samplePicture("Q8_0")), rows });
    const { page } = await browser.page(host, { page: "preflight" });
    await page.getByRole("grid").focus();
    await page.keyboard.press("Control+End");
    const last = page.getByRole("rowheader", { name: "blk.999.ffn_down.weight" });
    await last.waitFor();
    assert.ok((await page.getByRole("row").count()) < 120);
    await page.keyboard.press("Home");
    await page.keyboard.press("Control+c");
    for (let press = 0; press < 4; press++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+c");
    await page.waitForTimeout(100);
    assert.deepEqual(host.copied, ["blk.999.ffn_down.weight", "6912"]);
  });

  it("is decided once, by the pointer or the keyboard", async () => {
    const picture = await samplePicture("Q8_0");
    const yes = new PreflightPageHost(picture);
    const first = await browser.page(yes, { page: "preflight" });
    await first.page.getByRole("button", { name: "Copy as Markdown" }).click();
    const write = first.page.getByRole("button", { name: "Write" });
    await write.focus();
    await first.page.keyboard.press("Enter");
    // It says that it is disabled now: Playwright would wait for it.
    await write.click({ force: true });
    await first.page.waitForTimeout(100);
    assert.deepEqual([yes.decisions, yes.copied], [[true], ["the plan"]]);
    const no = new PreflightPageHost(picture);
    const second = await browser.page(no, { page: "preflight" });
    await second.page.getByRole("button", { name: "Cancel" }).click();
    await second.page.waitForTimeout(100);
    assert.deepEqual(no.decisions, [false]);
  });

  it("cannot be decided for what makes no sense", async () => {
    const picture = await samplePicture("Q2_K_S");
    assert.match(picture.refusal ?? "", /importance matrix/);
    const host = new PreflightPageHost(picture);
    const { page } = await browser.page(host, { page: "preflight" });
    await page.getByText(picture.refusal ?? "").waitFor();
    await page.getByRole("button", { name: "Write" }).click({ force: true });
    await page.waitForTimeout(100);
    assert.deepEqual(host.decisions, []);
  });

  for (const theme of themeNames) {
    it(`is accessible in ${theme}`, async () => {
      const picture = {
        ...(await samplePicture("Q2_K_S")),
        replaced: ["/models/old.gguf"],
        notes: ["A note."],
        facts: ["A fact."],
        freeBytes: 1000,
      };
      const { page } = await browser.page(new PreflightPageHost(picture), { page: "preflight", theme });
      await page.getByText("A fact.").waitFor();
      await page.getByRole("grid").focus();
      await assertAccessible(page, "pre-flight");
      const narrow = await browser.page(new PreflightPageHost(picture), { page: "preflight", theme, width: 480, height: 600 });
      await assertAccessible(narrow.page, "narrow pre-flight");
    });
  }
});
