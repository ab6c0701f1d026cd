import assert from "node:assert/strict";
import path from "node:path";
import type { Page } from "playwright-core";
import { errorsProtocol } from "../../src/protocol/errors";
import { ErrorsSessionHost } from "../support/webview/errorsSessionHost";
import { gridOf } from "../support/webview/errorsLocators";
import { figuresOf, readyErrors, type ReadyErrors, ScriptedErrorsHost, syntheticType } from "../support/webview/scriptedErrorsHost";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

/** Full names of the rows in view, from above. */
function names(page: Page): Promise<(string | null)[]> {
  return gridOf(page)
    .locator(".errors-body .errors-row")
    .evaluateAll((rows) =>
      [...rows]
        .sort((a, b) => Number(a.getAttribute("aria-rowindex")) - Number(b.getAttribute("aria-rowindex")))
        .map((row) => row.querySelector(".errors-name")?.getAttribute("title") ?? null),
    );
}

/** Texts of a row's figures. */
function figures(page: Page, name: string): Promise<string[]> {
  const row = gridOf(page)
    .getByRole("row")
    .filter({ has: page.locator(`[title="${name}"]`) });
  return row.locator(".heat").allInnerTexts();
}

describe("Errors page", () => {
  const browser = WebviewBrowser.use();

  async function open(patch: Partial<ReadyErrors> = {}, options: { width?: number; height?: number } = {}) {
    const host = new ScriptedErrorsHost(() => readyErrors(patch));
    const { page } = await browser.page(host, { page: "errors", ...options });
    await page.locator(".errors-page h1").waitFor();
    return { host, page, grid: gridOf(page) };
  }

  it("measures the sample with the real engine and shows it: every tensor and type, pooled first", async () => {
    const host = new ErrorsSessionHost(sample, ["Q8_0", "Q4_K"]);
    const { page } = await browser.page(host, { page: "errors" });
    await page.getByText("all values, exact").waitFor();
    await page.getByText("30 tensors × 2 types").waitFor();
    const pooled = await gridOf(page).locator(".pooled .heat").allInnerTexts();
    assert.equal(pooled.length, 2);
    // Known of the sample: what Q8_0 and Q4_K do to a bell of weights.
    assert.ok(Number(pooled[0]) > 0.4 && Number(pooled[0]) < 0.7, pooled[0]);
    assert.ok(Number(pooled[1]) > 6 && Number(pooled[1]) < 8, pooled[1]);
    await page.getByRole("heading", { name: "What to keep in Q8_0" }).waitFor();
    assert.deepEqual(host.failures, []);
  });

  it("lists the most damaged first, and sorts by the type whose heading is clicked", async () => {
    const types = readyErrors().types;
    types[0]!.tensors[2] = figuresOf(0.5);
    const { page, grid } = await open({ types });
    assert.equal((await names(page))[0], "model.layers.2.block.up_proj.weight");
    assert.equal(await grid.locator("[aria-sort=descending]").innerText(), "Q4_K ▾");
    await grid.getByRole("columnheader", { name: "Q8_0" }).click();
    assert.equal((await names(page))[0], "model.layers.0.block.q_proj.weight");
    assert.equal(await grid.locator("[aria-sort=descending]").innerText(), "Q8_0 ▾");
    await page.getByRole("heading", { name: "Where Q8_0 hurts" }).waitFor();
  });

  it("puts what turns into NaN first, and says so", async () => {
    const types = readyErrors().types;
    types[1]!.tensors[5] = figuresOf(0.07, { mae: null, rmse: null, maxError: null, relativeRmse: null, sqnrDb: null });
    types[1]!.tensors[6] = figuresOf(0.07, { mae: null, rmse: null, maxError: null, relativeRmse: null, sqnrDb: null, within5: null });
    const { page, grid } = await open({ types });
    const name = "model.layers.1.block.down_proj.weight";
    assert.equal((await names(page))[0], name);
    assert.equal((await figures(page, name))[1], "∞");
    await grid.getByTitle("some values become NaN or infinite").waitFor();
    assert.equal((await names(page)).at(-1), "model.layers.1.block.q_proj.weight");
    assert.equal((await figures(page, "model.layers.1.block.q_proj.weight"))[1], "–");
    await page.getByRole("radio", { name: "SQNR" }).click();
    assert.equal((await figures(page, name))[1], "−∞");
  });

  it("shows another measure, and then sorts by it: less signal is more damage", async () => {
    const { page } = await open();
    assert.equal((await figures(page, "model.embed_tokens.weight"))[1], "7.00");
    await page.getByRole("radio", { name: "SQNR" }).click();
    assert.equal((await figures(page, "model.embed_tokens.weight"))[1], "23.10");
    assert.equal((await names(page))[0], "model.layers.2.block.up_proj.weight");
    await page.getByText("Tensor, dB").waitFor();
  });

  it("filters, says how many are left, and what to do when none is", async () => {
    const { page } = await open();
    const filter = page.getByRole("textbox", { name: "Filter tensors" });
    await filter.fill("layers.1.");
    await page.getByText("4 of 13 tensors").waitFor();
    assert.equal((await names(page)).length, 4);
    await filter.fill("nothing like it");
    await page.getByText("No tensor matches “nothing like it”.").waitFor();
    assert.equal((await names(page)).length, 0);
  });

  it("moves by cell with the keyboard, sorts from a heading, selects, opens and copies", async () => {
    const { page, grid, host } = await open();
    await grid.focus();
    const active = () => grid.getAttribute("aria-activedescendant");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.equal(await active(), "error-1-1");
    assert.equal(await page.locator("#error-1-1").innerText(), "7.08");
    await page.keyboard.press("Control+c");
    await page.keyboard.press("Enter");
    await page.keyboard.press(" ");
    assert.equal(await grid.locator("[aria-selected=true] .errors-name").getAttribute("title"), "model.layers.2.block.k_proj.weight");
    await page.keyboard.press("Control+End");
    assert.equal(await active(), "error-12-2");
    await page.keyboard.press("Home");
    assert.equal(await active(), "error-12-0");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowUp");
    assert.equal(await active(), "error--1-0");
    await page.keyboard.press("Enter");
    assert.equal(await grid.locator("[aria-sort=descending]").innerText(), "Q8_0 ▾");
    assert.deepEqual(
      host.asked.map(({ name }) => name),
      ["copy", "openTensor"],
    );
    assert.deepEqual(host.asked[1]?.params, { tensor: 11 });
  });

  it("marks figures from a sample until exact ones come, row by row", async () => {
    const tensors = readyErrors().tensors;
    const types = [syntheticType("Q4_K", 4.5, 0.07, tensors.length, { isSampled: true })];
    const { page, host } = await open({ types, run: { kind: "running", doneBytes: 1, totalBytes: 4, elapsedMs: 2000, share: 0.03 } });
    await page.getByText("sampled 3.0 %").waitFor();
    assert.deepEqual(await figures(page, "model.embed_tokens.weight"), ["≈7.00"]);
    await host.connection.sendNotification(errorsProtocol.figures, {
      types: [{ type: "Q4_K", total: figuresOf(0.08), isSampled: false }],
      rows: [{ tensor: 0, figures: { Q4_K: figuresOf(0.0912) } }],
    });
    await host.connection.sendNotification(errorsProtocol.run, { kind: "done", elapsedMs: 5000 });
    await page.getByText("all values, exact").waitFor();
    assert.deepEqual(await figures(page, "model.embed_tokens.weight"), ["9.12"]);
    assert.equal((await names(page))[0], "model.embed_tokens.weight");
    assert.deepEqual(await gridOf(page).locator(".pooled .heat").allInnerTexts(), ["8.00"]);
  });

  it("shows progress with what is left, and cancels", async () => {
    const { page, host } = await open({ run: { kind: "running", doneBytes: 1, totalBytes: 4, elapsedMs: 2000 } });
    assert.equal(await page.getByRole("progressbar", { name: "Measuring errors" }).getAttribute("aria-valuenow"), "25");
    await page.getByText("6 s left").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await host.connection.sendNotification(errorsProtocol.run, { kind: "cancelled" });
    await page.getByText("Cancelled. What was measured is kept.").waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    assert.deepEqual(
      host.asked.map(({ name }) => name),
      ["cancel", "measure"],
    );
  });

  it("says why measuring failed, and tries again", async () => {
    const { page, host } = await open({ run: { kind: "failed", message: "the disk is gone" } });
    await page.getByRole("alert").filter({ hasText: "Measuring failed: the disk is gone" }).waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    assert.equal(host.asked[0]?.name, "measure");
  });

  it("says why a type has no figures, and what stored a tensor that does not fit one", async () => {
    const tensors = readyErrors().tensors;
    const needs = syntheticType("IQ2_XS", 2.3, 0.3, tensors.length, { reason: "IQ2_XS needs an importance matrix.", total: null });
    const types = [syntheticType("Q4_K", 4.5, 0.07, tensors.length), { ...needs, tensors: tensors.map(() => null) }];
    types[0]!.tensors[0] = figuresOf(0.2, { fallback: "Q5_0" });
    types[0]!.tensors[1] = figuresOf(0.01, { fallback: "f16" });
    const { page } = await open({ types, schemes: [{ id: "f16", label: "F16 · half precision", family: "float" }] });
    assert.deepEqual(await figures(page, "model.embed_tokens.weight"), ["20.00*", "–"]);
    assert.equal(await page.locator("#error-0-0").getAttribute("title"), "stored as Q5_0: its rows do not fit Q4_K");
    assert.equal(await page.getByTitle("stored as F16: its rows do not fit Q4_K").innerText(), "1.00*");
    assert.equal(await page.locator("#error-0-1").getAttribute("title"), "IQ2_XS needs an importance matrix.");
  });

  it("tells what a checkpoint without matrices, or one that cannot be read, is", async () => {
    const empty = await open({ tensors: [], types: [] });
    await empty.page.getByText("This checkpoint has no matrices whose values can be read.").waitFor();
    const diagnostic = { severity: "error" as const, code: "x.y", message: "The file is empty." };
    const host = new ScriptedErrorsHost(() => ({ kind: "failed", diagnostic, locale: "en", strings: {} }));
    const { page } = await browser.page(host, { page: "errors" });
    await page.getByRole("alert").filter({ hasText: "The file is empty." }).waitFor();
  });

  it("suggests what to keep in more bits, and begins to quantize so", async () => {
    const ranking = [0, 3, 5].map((tensor, place) => ({
      tensor,
      errorShare: 0.2,
      weightShare: 0.1,
      bytes: 1000 * (place + 1),
      relativeRmse: 0.06 - place / 100,
    }));
    const host = new ScriptedErrorsHost(
      () => readyErrors(),
      (type) => ({ type, keptAs: "Q8_0", relativeRmse: 0.07, ranking, suggested: 2 }),
    );
    const { page } = await browser.page(host, { page: "errors" });
    await page
      .getByText("Keeping the first 2 in Q8_0 takes 2.00 kB more and lowers the pooled error from 7.0 % to 5.0 % of the RMS.")
      .waitFor();
    await page.getByRole("button", { name: "Quantize with 2 kept…" }).click();
    await page.getByRole("button", { name: "Quantize…", exact: true }).click();
    assert.deepEqual(host.asked, [
      { name: "quantize", params: { type: "Q4_K", keep: [0, 3] } },
      { name: "quantize", params: { type: "Q4_K" } },
    ]);
  });

  it("asks for types, an importance matrix and a file", async () => {
    const { page, host } = await open();
    await page.getByRole("button", { name: "Types: 3 of 2" }).click();
    await page.getByRole("button", { name: "Weigh by imatrix…" }).click();
    await page.getByRole("button", { name: "Export…" }).click();
    assert.deepEqual(
      host.asked.map(({ name }) => name),
      ["chooseTypes", "chooseImportance", "export"],
    );
    assert.deepEqual(host.asked[1]?.params, { remove: false });
    await host.connection.sendNotification(errorsProtocol.changed, readyErrors({ importance: "imatrix.gguf" }));
    await page.getByText("weighted by imatrix.gguf").waitFor();
    await page.getByRole("radio", { name: "Weighted" }).waitFor();
    await page.getByRole("button", { name: "Without imatrix" }).click();
    assert.deepEqual(host.asked.at(-1), { name: "chooseImportance", params: { remove: true } });
  });

  it("keeps what was chosen when VS Code shows it again", async () => {
    const host = new ScriptedErrorsHost(() => readyErrors());
    const webview = await browser.page(host, { page: "errors" });
    const { page } = webview;
    await page.getByRole("radio", { name: "MAE" }).click();
    await gridOf(page).getByRole("columnheader", { name: "MXFP4" }).click();
    await webview.load();
    assert.equal(await page.getByRole("radio", { name: "MAE" }).getAttribute("aria-checked"), "true");
    assert.equal(await gridOf(page).locator("[aria-sort=descending]").innerText(), "MXFP4 ▾");
  });

  it("fits a narrow window: table above figures, nothing wider than the page, names stay in sight", async () => {
    const tensors = readyErrors().tensors;
    const types = Array.from({ length: 12 }, (_, index) => syntheticType(`T${index}`, 2 + index / 2, 0.3 / (index + 1), tensors.length));
    const { page, grid } = await open({ types }, { width: 480, height: 900 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    const [list, side] = await Promise.all([page.locator(".errors-list").boundingBox(), page.locator(".errors-side").boundingBox()]);
    assert.ok(list && side && side.y >= list.y + list.height - 1);
    await grid.evaluate((element) => (element.scrollLeft = element.scrollWidth));
    const name = await grid.locator(".errors-body .errors-name").first().boundingBox();
    assert.equal(name?.x, 0);
    await grid.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("End");
    const last = await page.locator("#error-0-11").boundingBox();
    assert.ok(last && last.x + last.width <= 481, JSON.stringify(last));
  });
});
