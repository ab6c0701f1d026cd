import assert from "node:assert/strict";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ResponseMessage, ResponseError } from "vscode-jsonrpc";
import { temporaryFolder } from "../support/temporaryFolder";
import { EditorLocators } from "../support/webview/locators";
import { ScriptedPageHost } from "../support/webview/scriptedHost";
import { SessionPageHost } from "../support/webview/sessionHost";
import {
  pageSettings,
  readyResult,
  syntheticAnswers,
  syntheticPreview,
  syntheticRows,
  syntheticSnapshot,
  syntheticStats,
  syntheticSummary,
} from "../support/webview/syntheticCheckpoint";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

describe("life of the page", () => {
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  it("comes back as it was after being hidden and shown", async () => {
    const host = new SessionPageHost(sample);
    const webview = await browser.page(host);
    const { page } = webview;
    const at = new EditorLocators(page);
    await page.getByRole("radio", { name: "List" }).click();
    await at.filter.fill("mlp");
    await at.header("Weights").click();
    await at.row("model.layers.2.mlp.up_proj.weight").click();
    await page.getByRole("radio", { name: "8", exact: true }).click();
    await page.getByRole("radio", { name: "Linear" }).click();
    await page.getByRole("separator").press("ArrowLeft");
    await at.tab("Values").click();
    await page.getByRole("textbox", { name: "Go to index" }).fill("100, 200");
    await page.keyboard.press("Enter");
    const before = await picture();
    await webview.load();
    await page.locator("#value-100-200").waitFor();
    assert.deepEqual(await picture(), before);
    await at.tab("Histogram").click();
    await page.getByRole("img", { name: /linear count\. After INT8 g128/ }).waitFor();

    async function picture() {
      return {
        labels: await at.labels(),
        filter: await at.filter.inputValue(),
        sort: await at.header("Weights").getAttribute("aria-sort"),
        title: await page.locator(".detail-head h2").textContent(),
        sash: await page.getByRole("separator").getAttribute("aria-valuenow"),
        index: await page.getByRole("textbox", { name: "Go to index" }).inputValue(),
      };
    }
  });

  it("tells which tensor is selected: first of its own accord, then at once what is chosen", async () => {
    const host = new SessionPageHost(sample);
    const webview = await browser.page(host);
    const { page } = webview;
    const at = new EditorLocators(page);
    await at.figure.waitFor();
    const first = (await page.locator(".detail-head h2").textContent())?.trim();
    assert.deepEqual(host.selected, [first]);
    await at.row("model.embed_tokens.weight").click();
    await page.waitForTimeout(100);
    assert.deepEqual(host.selected, [first, "model.embed_tokens.weight"]);
    await webview.load();
    await at.figure.waitFor();
    assert.deepEqual(host.selected, [first, "model.embed_tokens.weight", "model.embed_tokens.weight"]);
  });

  it("asks for its first picture only when nobody has sent it", async () => {
    const result = readyResult(syntheticSnapshot(syntheticRows(7)));
    let asked = 0;
    const host = new ScriptedPageHost(
      () => {
        asked += 1;
        return result;
      },
      { detail: ({ tensor }) => syntheticStats(syntheticRows(7)[tensor]!), preview: ({ scheme }) => syntheticPreview(scheme, 0.005) },
    );
    const heldBack: ResponseMessage = { jsonrpc: "2.0", id: 0, result };
    const told = await browser.page(host, { heldBack });
    // Longer than a page waits.
    await told.page.waitForTimeout(300);
    assert.equal(asked, 0);
    await told.load();
    assert.equal(asked, 1, "a page that VS Code makes again has to ask");
    await browser.page(host);
    assert.equal(asked, 2, "nothing was sent to it");
  });

  it("keeps the scroll position", async () => {
    const host = new SessionPageHost(sample);
    const webview = await browser.page(host);
    const { page } = webview;
    await page.locator(".tensor-grid").evaluate((grid) => (grid.scrollTop = 300));
    await page.waitForTimeout(100);
    await webview.load();
    await until(page, () => document.querySelector(".tensor-grid")?.scrollTop === 300);
  });

  it("starts in a new window from what the host remembered", async () => {
    const host = new SessionPageHost(sample);
    const first = await browser.page(host);
    await first.page.getByRole("radio", { name: "List" }).click();
    await new EditorLocators(first.page).filter.fill("norm");
    await first.page.waitForTimeout(600);
    const second = new SessionPageHost(sample);
    second.lastState = host.lastState;
    const { page } = await browser.page(second);
    assert.equal(await new EditorLocators(page).filter.inputValue(), "norm");
    assert.equal(await page.getByRole("radio", { name: "List" }).getAttribute("aria-checked"), "true");
  });

  it("shows the new content when the file changes, and stays readable when it is gone", async () => {
    const file = folder("model.safetensors");
    copyFileSync(sample, file);
    const host = new SessionPageHost(file);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.figure.waitFor();
    await host.document.reload();
    await page.getByText("The file changed on disk and was read again.", { exact: false }).first().waitFor();
    await at.figure.waitFor();
    await at.button("Dismiss").click();
    assert.equal(await page.locator(".banner").count(), 0);
    rmSync(file);
    await host.document.refresh();
    await page.getByText("model.safetensors was deleted or moved.", { exact: false }).waitFor();
    assert.equal((await at.labels())[0], "model.embed_tokens.weight");
  });

  it("keeps the last good content below when the new one cannot be read", async () => {
    const file = folder("broken.safetensors");
    copyFileSync(sample, file);
    const host = new SessionPageHost(file);
    const { page } = await browser.page(host);
    await new EditorLocators(page).figure.waitFor();
    writeFileSync(file, "<html>not a checkpoint</html>");
    await host.document.reload();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    await alert.getByRole("button", { name: "Reload" }).click();
    await page.waitForTimeout(50);
    assert.deepEqual(host.actions, ["reload"]);
    assert.equal(await page.locator(".split").evaluate((split: HTMLElement) => split.inert), true);
    assert.ok((await page.locator(".tensor-row").count()) > 10);
  });

  it("keeps the figure below the reason why the next one could not be made", async () => {
    const rows = syntheticRows(14);
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows)), {
      detail: ({ tensor }) => syntheticStats(rows[tensor]!),
      preview: ({ scheme }) => {
        if (scheme === "int8-g128")
          throw new ResponseError(-32803, "", { code: "file-gone", message: "The file is gone.", hint: "Put it back." });
        return syntheticPreview(scheme, 0.005);
      },
    });
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.figure.waitFor();
    await page.getByRole("radio", { name: "8", exact: true }).click();
    await page.getByRole("group", { name: "The histogram could not be made" }).getByText("Put it back.").waitFor();
    await page.locator(".figure.stale").waitFor();
    await page.getByRole("radio", { name: "4", exact: true }).click();
    await page.locator(".figure:not(.stale)").waitFor();
  });

  it("says that a tensor has no values to show", async () => {
    const rows = syntheticRows(3);
    rows[0] = { ...rows[0]!, dtype: "IQ4_XS", decodable: false };
    rows[1] = { ...rows[1]!, shape: [0, 5], parameters: 0, bytes: 0 };
    rows.push({ ...rows[2]!, name: "cut.weight", decodable: false, unavailable: "truncated" });
    const empty = syntheticPreview("int4-g128", 0);
    const nothing = { min: null, mean: null, std: null, max: null, zero: 0, nan: 4000, inf: 96 };
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows)), {
      detail: ({ tensor }) => syntheticStats(rows[tensor]!),
      preview: () => ({ ...empty, beforeFigures: nothing, afterFigures: nothing }),
    });
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await page.getByText("This tensor holds no finite values: 4,000 are NaN, 96 are infinite.").waitFor();
    await at.row(rows[0].name).click();
    await page.getByText("Values of IQ4_XS are not yet decoded; names, shapes and sizes are exact.").waitFor();
    await at.row(rows[1].name).click();
    await page.getByText("This tensor holds no values.").waitFor();
    await at.tab("Values").click();
    await page.getByText("This tensor holds no values.").waitFor();
    await at.row("cut.weight").click();
    await page.getByText("The file ends before the last value of this tensor: it was cut short.").waitFor();
  });

  it("says which tensors hold values that are not finite, and why there is no error then", async () => {
    const rows = syntheticRows(3);
    const summaries = rows.map((_, index) => ({ ...syntheticSummary(index, 0.02), ...(index === 1 ? { nan: 1, inf: 2 } : {}) }));
    const report = syntheticPreview("Q4_K", 0.005);
    const before = { ...report.beforeFigures, nan: 1, inf: 2 };
    const after = { ...report.afterFigures, nan: 513 };
    const host = new ScriptedPageHost(
      () => readyResult(syntheticSnapshot(rows), { summaries, scan: { kind: "done", tensors: 3, elapsedMs: 1 } }),
      {
        detail: ({ tensor }) => syntheticStats(rows[tensor]!),
        preview: () => ({ ...report, beforeFigures: before, afterFigures: after, errors: { ...report.errors, rmse: null, mae: null } }),
      },
    );
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await page.getByText("This tensor holds 1 NaN and 2 infinite values").waitFor();
    await page.getByText("Q4_K would turn 510 finite weights into NaN or infinity").waitFor();
    assert.deepEqual(await page.getByRole("row", { name: /^NaN/ }).getByRole("cell").allInnerTexts(), ["1", "513", "+512"]);
    assert.deepEqual(
      await page
        .getByRole("row", { name: /^Infinite/ })
        .getByRole("cell")
        .allInnerTexts(),
      ["2", "0", "−2"],
    );
    await page.getByRole("button", { name: "1 finding" }).click();
    const finding = page.getByRole("dialog", { name: "Findings" });
    await finding.getByText(`"${rows[1]!.name}" holds values that are not finite`).waitFor();
    await finding.getByText("1 NaN and 2 infinite of").waitFor();
    await finding.getByRole("button", { name: "Show tensor" }).click();
    assert.equal(await at.row(rows[1]!.name).getAttribute("aria-selected"), "true");
  });

  it("counts one weight in the singular", async () => {
    const [row] = syntheticRows(1);
    const one = { ...row!, shape: [], parameters: 1, bytes: 4, dtype: "F32" };
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot([one], { parameters: 1, bytes: 4 })), {
      detail: () => syntheticStats(one),
      preview: ({ scheme }) => syntheticPreview(scheme, 0),
    });
    const { page } = await browser.page(host);
    await page.locator(".facts-strip").getByText("1 weight", { exact: true }).waitFor();
  });

  it("shows the metadata of a file without tensors", async () => {
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot([], { metadataCount: 1 })), {
      metadata: () => ({ total: 1, rows: [{ key: "format", type: "string", text: "pt" }] }),
    });
    const { page } = await browser.page(host);
    await page.getByText("This file holds no tensors.").waitFor();
    await page.getByRole("tab", { name: "Metadata" }).waitFor();
    assert.equal(await page.getByRole("tab").count(), 1);
    assert.equal(await page.getByRole("button", { name: "Scan" }).count(), 0);
  });

  it("runs the actions of the header", async () => {
    const host = new SessionPageHost(sample);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    for (const name of ["Errors", "Estimate", "Quantize…"]) await at.button(name).click();
    for (const name of ["Export report", "Open as text", "Show log"]) {
      await at.button("More actions").click();
      await page.getByRole("menuitem", { name }).click();
    }
    await page.waitForTimeout(100);
    assert.deepEqual(host.actions, ["compareTypes", "estimate", "quantize", "exportReport", "openAsText", "showLog"]);
    await page.setViewportSize({ width: 700, height: 800 });
    await at.button("More actions").click();
    assert.deepEqual(
      (await page.getByRole("menuitem").allTextContents()).map((text) => text.trim()),
      ["Errors", "Estimate", "Quantize…", "Export report", "Open as text", "Show log"],
    );
  });

  it("speaks the user's language and writes numbers in it", async () => {
    const rows = syntheticRows(14);
    const settings = {
      ...pageSettings,
      locale: "de",
      strings: { "Filter tensors": "Tensoren filtern", "{0} weights": "{0} Gewichte", Histogram: "Histogramm" },
    };
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows), { settings }), syntheticAnswers(rows));
    const { page } = await browser.page(host);
    await page.getByRole("textbox", { name: "Tensoren filtern" }).waitFor();
    await page.getByRole("tab", { name: "Histogramm" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    assert.match((await page.locator(".facts-strip").textContent()) ?? "", /786\.944 Gewichte/);
  });
});
