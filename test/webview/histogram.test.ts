import assert from "node:assert/strict";
import path from "node:path";
import type { PreviewReport } from "../../src/jobs/contract";
import { editorProtocol } from "../../src/protocol/editor";
import { EditorLocators } from "../support/webview/locators";
import { ScriptedPageHost } from "../support/webview/scriptedHost";
import { SessionPageHost } from "../support/webview/sessionHost";
import { readyResult, syntheticPreview, syntheticRows, syntheticSnapshot, syntheticStats } from "../support/webview/syntheticCheckpoint";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

describe("histogram tab on the real checkpoint", () => {
  const browser = WebviewBrowser.use();

  async function open() {
    const host = new SessionPageHost(sample);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.figure.waitFor();
    return { host, page, at };
  }

  it("says in a sentence what the figure shows", async () => {
    const { at } = await open();
    assert.match(
      (await at.figure.getAttribute("aria-label")) ?? "",
      /^Histogram of 196,608 weights from −0\.482 to 0\.418, log count\. After INT4 g128 the RMS error is 0\.00\d+, \d+\.\d % of σ\. [\d,]+ weights become exactly zero\.$/,
    );
  });

  it("draws the values before and after and marks the percentiles", async () => {
    const { page } = await open();
    const inked = await page.locator(".counts-canvas").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const colors = new Set<string>();
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3]! > 200) colors.add(`${data[at]! >> 4},${data[at + 1]! >> 4},${data[at + 2]! >> 4}`);
      return colors.size;
    });
    assert.ok(inked > 5, `${inked} colours`);
  });

  it("follows its controls", async () => {
    const { host, page, at } = await open();
    const rmse = async (): Promise<string> => (await at.metric("RMSE").textContent())?.trim() ?? "";
    const four = await rmse();
    await page.getByRole("radio", { name: "8", exact: true }).click();
    await page.getByRole("img", { name: /After INT8 g128/ }).waitFor();
    const eight = await rmse();
    assert.ok(Number(eight.replace("e−", "e-")) < Number(four) / 10, `${eight} < ${four}`);
    await page.getByRole("combobox", { name: "Group" }).click();
    await page.getByRole("option", { name: "Per tensor" }).click();
    await page.getByRole("img", { name: /After INT8 the RMS/ }).waitFor();
    await page.getByRole("checkbox", { name: "Symmetric" }).click();
    await until(page, () => document.querySelector("qs-histogram-tab .figure[aria-busy=false]"));
    await page.getByRole("combobox", { name: "Quantize to" }).click();
    await page.getByRole("option", { name: "Q8_0" }).click();
    await page.getByRole("img", { name: /After Q8_0/ }).waitFor();
    assert.equal((await at.metric("Bits/weight").textContent())?.trim(), "8.50");
    assert.equal(await page.getByRole("radiogroup", { name: "Bits" }).count(), 0);
    await page.waitForTimeout(600);
    assert.equal(host.lastState?.scheme, "Q8_0");
    assert.deepEqual(host.failures, []);
  });

  it("has the same numbers as a table", async () => {
    const { page, at } = await open();
    await at.button("Show as table").click();
    const region = page.getByRole("region", { name: "Values before and after, as a table" });
    assert.equal(await region.getByRole("row").count(), 129);
    const before = await region
      .locator("tbody td:nth-child(2)")
      .evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.textContent?.replaceAll(",", "")), 0));
    assert.equal(before, 196_608);
    await at.button("Show as table").click();
    await at.figure.waitFor();
  });

  it("compares statistics before and after", async () => {
    const { page } = await open();
    const table = page.getByRole("table", { name: "Statistics before and after" });
    assert.deepEqual(await table.getByRole("rowheader").allTextContents(), ["Minimum", "Mean", "Standard deviation", "Maximum", "Zeros"]);
    const cells = await table
      .getByRole("row", { name: /^Minimum/ })
      .getByRole("cell")
      .allTextContents();
    assert.equal(cells[0], "−0.482");
    assert.match(cells[2] ?? "", /^[+−]/);
  });

  it("is read bin by bin with the keyboard", async () => {
    const { page, at } = await open();
    await at.figure.focus();
    await page.keyboard.press("Home");
    assert.match((await at.liveRegion.textContent()) ?? "", /^−0\.48\d* … −0\.47\d*: \d+ weights? ?.*before$/);
    await page.keyboard.press("ArrowRight");
    const second = (await at.liveRegion.textContent()) ?? "";
    await page.keyboard.press("ArrowDown");
    assert.match((await at.liveRegion.textContent()) ?? "", /weights after$/);
    await page.keyboard.press("ArrowDown");
    assert.match((await at.liveRegion.textContent()) ?? "", /(RMS error|too few weights)/);
    assert.notEqual(second, "");
    assert.ok(await page.locator(".chart-tip").isVisible());
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".chart-tip").count(), 0);
  });

  it("switches between log and linear counts", async () => {
    const { page, at } = await open();
    await page.getByRole("radio", { name: "Linear" }).click();
    await page.getByRole("img", { name: /linear count/ }).waitFor();
    await page.getByRole("radio", { name: "Linear" }).press("ArrowLeft");
    await page.getByRole("img", { name: /log count/ }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Log");
    assert.ok(at);
  });

  it("is saved as a picture and as numbers", async () => {
    const { host, page } = await open();
    await page.getByRole("button", { name: "Export figure" }).click();
    await page.getByRole("menuitem", { name: "Save as PNG…" }).click();
    await page.getByRole("button", { name: "Export figure" }).click();
    await page.getByRole("menuitem", { name: "Save as CSV…" }).click();
    await page.getByText("Saved.").waitFor({ state: "attached" });
    const [png, csv] = host.saved;
    assert.equal(png?.name, "model.layers.0.mlp.down_proj.weight.int4-g128.png");
    assert.deepEqual([...(png?.content.subarray(1, 4) ?? [])], [...Buffer.from("PNG")]);
    const lines = new TextDecoder().decode(csv?.content).trim().split("\n");
    assert.equal(lines[0], "low,high,before,after,rms_error");
    assert.equal(lines.length, 129);
  });
});

describe("histogram tab with a slow host", () => {
  const browser = WebviewBrowser.use();
  const rows = syntheticRows(14);

  interface Slow {
    scheme: string;
    token: number;
    signal: AbortSignal;
    answer(report: PreviewReport): void;
  }

  async function open() {
    const previews: Slow[] = [];
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows)), {
      detail: ({ tensor }) => syntheticStats(rows[tensor]!),
      preview: (params, signal) => new Promise((resolve) => previews.push({ ...params, signal, answer: resolve })),
    });
    const { page } = await browser.page(host);
    const next = async (count: number): Promise<Slow> => {
      while (previews.length < count) await page.waitForTimeout(10);
      return previews[count - 1]!;
    };
    return { host, page, at: new EditorLocators(page), next };
  }

  it("keeps the figure until the next is there, withdraws older wishes and drops their answers", async () => {
    const { page, at, next } = await open();
    (await next(1)).answer(syntheticPreview("int4-g128", 0.005));
    await at.figure.waitFor();
    await page.getByRole("radio", { name: "2", exact: true }).click();
    const second = await next(2);
    await page.getByRole("radio", { name: "8", exact: true }).click();
    const third = await next(3);
    await page.waitForTimeout(50);
    assert.equal(second.signal.aborted, true);
    assert.equal((await at.metric("RMSE").textContent())?.trim(), "0.00500");
    third.answer(syntheticPreview("int8-g128", 0.0003));
    await page.getByRole("img", { name: /After INT8/ }).waitFor();
    second.answer(syntheticPreview("int2-g128", 0.09));
    await page.waitForTimeout(100);
    assert.equal((await at.metric("RMSE").textContent())?.trim(), "3.00e−4");
  });

  it("marks sampled figures and replaces them in place", async () => {
    const { host, page, at, next } = await open();
    const first = await next(1);
    first.answer(syntheticPreview("int4-g128", 0.005, { sampled: true, share: 0.041 }));
    await page.getByText("sampled 4.1 %").waitFor();
    assert.equal((await at.metric("RMSE").textContent())?.trim(), "≈ 0.00500");
    await host.connection.sendNotification(editorProtocol.previewRefined, {
      token: first.token,
      report: syntheticPreview("int4-g128", 0.0051),
    });
    await page.getByText("sampled 4.1 %").waitFor({ state: "detached" });
    assert.equal((await at.metric("RMSE").textContent())?.trim(), "0.00510");
  });

  it("dims the figure of another tensor while its own is made", async () => {
    const { page, at, next } = await open();
    (await next(1)).answer(syntheticPreview("int4-g128", 0.005));
    await at.figure.waitFor();
    await at.row(rows[2]!.name).click();
    const second = await next(2);
    await page.locator(".figure.stale").waitFor();
    second.answer(syntheticPreview("int4-g128", 0.006));
    await page.locator(".figure:not(.stale)").waitFor();
  });

  it("says when another type takes the place of the chosen one", async () => {
    const { page, next } = await open();
    const report = syntheticPreview("Q4_K", 0.005);
    (await next(1)).answer({ ...report, errors: { ...report.errors, fallback: "Q5_0" } });
    await page.getByText("The shape of this tensor does not fit Q4_K; it would be stored as Q5_0, which is what is shown.").waitFor();
  });
});
