import assert from "node:assert/strict";
import path from "node:path";
import type { Page } from "playwright-core";
import { perplexityProtocol } from "../../src/protocol/perplexity";
import { assertAccessible } from "../support/webview/accessible";
import { PerplexitySessionHost } from "../support/webview/perplexitySessionHost";
import { readyPerplexity, type ReadyPerplexity, ScriptedPerplexityHost, syntheticRow } from "../support/webview/scriptedPerplexityHost";
import { themeNames } from "../support/webview/themes";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

const tableOf = (page: Page) => page.getByRole("grid", { name: "Perplexity of each type" });
const textOf = (page: Page) => page.locator(".tokens");

/** Texts of a row's cells. */
const cells = (page: Page, label: string): Promise<string[]> =>
  tableOf(page)
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${label}`) }) })
    .getByRole("gridcell")
    .allInnerTexts();

describe("Perplexity page", () => {
  const browser = WebviewBrowser.use();

  async function open(patch: Partial<ReadyPerplexity> = {}) {
    const host = new ScriptedPerplexityHost(() => readyPerplexity(patch));
    const { page } = await browser.page(host, { page: "perplexity" });
    await page.locator(".perplexity-page h1").waitFor();
    return { host, page };
  }

  it("calls schemes by their labels, and tells those of one label apart", async () => {
    const scheme = (type: string, schemeLabel: string) => syntheticRow(type, 4.5, 20.5, { schemeLabel, detail: "linear layers only" });
    const schemes = [
      scheme("nf4-dq", "NF4 · normal float, blocks of 64, double quantization"),
      scheme("hqq4-g64", "HQQ4 · half-quadratic, groups of 64"),
      scheme("int4-sym-channel", "INT4 · symmetric, per channel"),
    ];
    const { page } = await open({ rows: [syntheticRow("Original", 16, 20), syntheticRow("Q4_K_M", 5, 20.4), ...schemes] });
    const names = (await tableOf(page).getByRole("rowheader").allInnerTexts()).map((text) => text.replace("linear layers only", "").trim());
    assert.deepEqual(names, ["Original", "Q4_K_M", "NF4 dq", "HQQ4 g64", "INT4 sym. per channel"]);
  });

  it("measures the sample with the real engine: rows as they are done, and the tokens of the text", async function () {
    this.timeout(60_000);
    const host = new PerplexitySessionHost(sample, { samples: 2, length: 64, types: ["Q8_0", "Q2_K", "int4-g128", "IQ1_S"], files: [] });
    const { page } = await browser.page(host, { page: "perplexity" });
    await page.getByText("Nothing is measured yet.").first().waitFor();
    await page.getByRole("button", { name: "Measure" }).click();
    await page.getByText("2 windows of 64 tokens").waitFor();
    await page.getByText("≈ sampled: the first windows").waitFor();
    await page.locator("main:not(:has([role=progressbar]))").waitFor();
    const state = host.table!.now;
    assert.equal(state.run.kind, "done");
    const perplexity = (id: string): number => state.rows.find((row) => row.id === id)!.figures!.perplexity;
    assert.ok(Math.abs(perplexity("type:Q8_0") / perplexity("original") - 1) < 0.02);
    assert.ok(perplexity("type:Q2_K") > perplexity("type:int4-g128"));
    assert.match((await cells(page, "Q2_K"))[2]!, /^≈\d+\.\d\d$/);
    assert.match((await cells(page, "IQ1_S"))[0]!, /needs an importance matrix/);
    await tableOf(page).getByRole("row", { name: /^Q2_K/ }).click();
    await page.getByRole("heading", { name: "Tokens: Q2_K against the original" }).waitFor();
    assert.equal(await textOf(page).getByRole("option").count(), 128);
    // Of 64 tokens the 31 behind the first half are scored.
    assert.equal(await textOf(page).locator(".context").count(), 2 * 33);
    assert.match(await textOf(page).innerText(), /Abraham/);
    assert.equal(await page.locator(".worst-tokens tbody tr").count(), 20);
    assert.deepEqual(host.failures, []);
  });

  it("says why a model cannot be run, and lets the user try again", async () => {
    const { page, host } = await open({ run: { kind: "failed", message: "The architecture is not known." }, rows: [], text: undefined });
    await page.getByRole("alert").getByText("Measuring failed: The architecture is not known.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    assert.deepEqual(
      host.asked.map(({ name }) => name),
      ["measure"],
    );
  });

  it("lists each type with what it costs, and marks figures of a part of the text", async () => {
    const { page, host } = await open({ text: { name: "a.txt", windows: 4, length: 300, scored: 149, isWhole: false } });
    assert.deepEqual(await cells(page, "Q4_K_M"), ["5.00", "625 kB", "≈20.40", "≈+0.400", "≈0.0100", "≈93.0 %"]);
    assert.deepEqual(await cells(page, "Original"), ["16.00", "2.00 MB", "≈20.00", "–", "–", "–"]);
    const rows = [...readyPerplexity().rows, syntheticRow("Q6_K", 6.6, 20.1)];
    const text = { name: "a.txt", windows: 4, length: 300, scored: 149, isWhole: true };
    await host.connection.sendNotification(perplexityProtocol.state, { rows, run: { kind: "done", elapsedMs: 1 }, text });
    await page.getByText("whole text, exact").waitFor();
    assert.deepEqual(await cells(page, "Q6_K"), ["6.60", "825 kB", "20.10", "+0.100", "0.0100", "93.0 %"]);
  });

  it("draws perplexity against bits per weight, and keeps one that is far off from flattening the others", async () => {
    const { page } = await open();
    const chart = page.getByRole("img", { name: "perplexity against bits per weight for 3 types; 3 are on the Pareto front." });
    await chart.focus();
    await page.keyboard.press("Home");
    await page.getByText("Q2_K 60 ↑: 60.00 at 3.30 bits per weight, on the Pareto front").first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Tokens: Q2_K against the original" }).waitFor();
  });

  it("chooses the row with the arrows, copies it, and asks for what its buttons say", async () => {
    const { page, host } = await open();
    const table = tableOf(page);
    await table.focus();
    await page.keyboard.press("End");
    assert.match((await table.locator("[aria-selected=true]").innerText()).trim(), /^IQ1_S/);
    await page.keyboard.press("ArrowUp");
    assert.match((await table.locator("[aria-selected=true]").innerText()).trim(), /^Q2_K/);
    await page.keyboard.press("Control+c");
    for (const name of ["Text…", "Types…", "Export…"]) await page.getByRole("button", { name }).click();
    await page.getByRole("button", { name: "Save as PNG…" }).click();
    await page.getByText("Saved.").waitFor({ state: "attached" });
    assert.deepEqual(
      host.asked.map(({ name }) => name),
      ["copy", "chooseText", "chooseTypes", "export", "save"],
    );
    assert.equal((host.asked[0]!.params as { text: string }).text.split("\t")[3], "60.0000 ± 0.5000");
  });

  it("shows the text a page at a time, moves by token and by page, and leads to the worst tokens", async () => {
    const { page } = await open();
    const text = textOf(page);
    await text.getByText("Q4_K_M0", { exact: true }).waitFor();
    assert.equal(await text.getByRole("option").count(), 512);
    await text.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowDown");
    assert.equal(await text.getAttribute("aria-activedescendant"), "token-160");
    assert.equal(await page.locator(".tokens-at").innerText(), "“ Q4_K_M160”: 3.33 nats, original 2.00, +1.33");
    await page.keyboard.press("PageDown");
    await page.getByText("513 to 1,024 of 1,200").waitFor();
    await text.getByText("Q4_K_M512", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Tokens after" }).click();
    await page.getByText("1,025 to 1,200 of 1,200").waitFor();
    await page.getByRole("button", { name: "Moses" }).click();
    await page.getByText("513 to 1,024 of 1,200").waitFor();
    assert.equal(await text.getAttribute("aria-activedescendant"), "token-388");
    await page.getByRole("button", { name: "↵" }).waitFor();
  });

  it("comes back with the row and the place in the text, and keeps for the host what is measured", async () => {
    const { page } = await open();
    await tableOf(page).getByRole("row", { name: /^Q2_K/ }).click();
    await page.getByRole("button", { name: "Tokens after" }).click();
    await page.getByText("513 to 1,024 of 1,200").waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Tokens: Q2_K against the original" }).waitFor();
    await page.getByText("513 to 1,024 of 1,200").waitFor();
    const stored = JSON.parse((await page.evaluate(() => sessionStorage.getItem("vscode-state"))) ?? "{}") as Record<string, unknown>;
    assert.deepEqual([stored.uri, stored.choice], ["file:///synthetic.safetensors", readyPerplexity().choice]);
  });

  it("shows progress with what is left, and cancels", async () => {
    const { page, host } = await open({ run: { kind: "running", doneBytes: 1, totalBytes: 4, elapsedMs: 2000 } });
    assert.equal(await page.getByRole("progressbar", { name: "Measuring perplexity" }).getAttribute("aria-valuenow"), "25");
    await page.getByText("6 s left").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    const { rows, text } = readyPerplexity();
    await host.connection.sendNotification(perplexityProtocol.state, { rows, text, run: { kind: "cancelled" } });
    await page.getByText("Cancelled. What was measured is kept.").waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    assert.deepEqual(
      host.asked.map(({ name }) => name),
      ["cancel", "measure"],
    );
  });

  for (const theme of themeNames) {
    it(`is accessible in ${theme}`, async function () {
      // Each token's contrast is looked at.
      this.timeout(60_000);
      const host = new ScriptedPerplexityHost(() => readyPerplexity(), 170);
      const { page } = await browser.page(host, { page: "perplexity", theme });
      await textOf(page).getByRole("option").first().waitFor();
      await page.getByRole("img", { name: /against bits per weight/ }).waitFor();
      await assertAccessible(page, "perplexity");
      const { rows, text } = readyPerplexity();
      const run = { kind: "running", doneBytes: 1, totalBytes: 4, elapsedMs: 2000 } as const;
      await host.connection.sendNotification(perplexityProtocol.state, { rows, text, run });
      await page.getByRole("progressbar").waitFor();
      await page.setViewportSize({ width: 480, height: 700 });
      await assertAccessible(page, "perplexity being measured, in a narrow window");
    });
  }
});
