import assert from "node:assert/strict";
import path from "node:path";
import { emptyErrorTotals, ErrorSums } from "../../src/core/measure/errorSums";
import { parseAffine } from "../../src/core/quant/affine";
import { type AffineRange, affineReconstruct } from "../../src/core/quant/affineArithmetic";
import { drawValues, shapedColumns } from "../../src/core/shaped/shapedValues";
import { openPath } from "../../src/io/openPath";
import { readValues } from "../../src/jobs/valuesJob";
import { usualState } from "../../src/extension/playground/playgroundState";
import { fixed, percentNumber, significant } from "../../webview/ui/format";
import { detail, openPlayground, settled, tiles } from "../support/webview/playgroundPage";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");
const tensor = "model.layers.0.self_attn.k_proj.weight";

/** The values of a tensor of the sample, row-major, and its columns. */
async function valuesOf(name: string): Promise<{ x: Float32Array; columns: number }> {
  const checkpoint = await openPath(sample);
  try {
    const index = checkpoint.tensors.findIndex((info) => info.name === name);
    const [rows = 0, columns = 0] = checkpoint.tensors[index]!.shape;
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const { values } = await readValues({ checkpoint, tensor: index, row: 0, rows, column: 0, columns }, context);
    return { x: Float32Array.from(values.flat().map(Number)), columns };
  } finally {
    await checkpoint.close();
  }
}

/** What the tiles must say, computed by the core alone. */
function expectedTiles(x: Float32Array, columns: number, id: string): { tiles: string[]; range: AffineRange } {
  const scheme = parseAffine(id)!;
  const { values: y, ranges } = affineReconstruct(x, columns, scheme);
  const totals = emptyErrorTotals();
  x.forEach((value, i) => {
    const error = Math.abs(value - y[i]!);
    totals.count++;
    totals.absolute += error;
    totals.square += error ** 2;
    totals.largest = Math.max(totals.largest, error);
    totals.within5 += error <= 0.05 * Math.abs(value) ? 1 : 0;
    totals.squareX += value ** 2;
  });
  const sums = new ErrorSums();
  sums.add(totals);
  const { mae, rmse, maxError, within5, sqnrDb } = sums.result();
  const bits = (8 * scheme.bytes([x.length / columns, columns])) / x.length;
  return {
    tiles: [
      significant(mae),
      significant(rmse),
      significant(maxError),
      `${percentNumber(within5!)}%`,
      `${fixed(sqnrDb, 1)}dB`,
      significant(bits),
    ],
    range: ranges[0]!,
  };
}

describe("Playground", () => {
  const browser = WebviewBrowser.use();

  const open = (state?: object) => openPlayground(browser, state);

  it("shows what the core computes of a real tensor: errors, scale, zero-point, size", async () => {
    const { x, columns } = await valuesOf(tensor);
    const { host, page } = await open({ tensor, scheme: "int5" });
    const { tiles: expected, range } = expectedTiles(x, columns, "int5");
    assert.deepEqual(await tiles(page), expected);
    assert.equal(await detail(page, "Scale").innerText(), significant(range.scale, 6));
    assert.equal(await detail(page, "Zero-point").innerText(), String(range.zeroPoint));
    assert.equal(await detail(page, "Codes").innerText(), "0 … 31");
    const bits = (8 * parseAffine("int5")!.bytes([x.length / columns, columns])) / x.length;
    const sizes = await page.locator(".settings .tile dd:not(.ctx)").allInnerTexts();
    assert.deepEqual(sizes, [`${((7 * bits) / 8).toPrecision(3)} GB`, "28.0 GB"]);
    assert.deepEqual(host.failures, []);
  });

  it("moves the bits by keyboard, up to 32, and everything follows", async () => {
    const { x, columns } = await valuesOf(tensor);
    const { host, page } = await open({ tensor, scheme: "int5-sym-channel" });
    const slider = page.getByRole("slider", { name: "Bits" });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await settled(page);
    await page.getByText("INT6 · symmetric, per channel").waitFor();
    assert.deepEqual(await tiles(page), expectedTiles(x, columns, "int6-sym-channel").tiles);
    assert.equal(host.state.scheme, "int6-sym-channel");
    await page.keyboard.press("End");
    await page.getByText("INT32 · symmetric, per channel").waitFor();
    assert.equal(await slider.getAttribute("aria-valuetext"), "32 bits");
    assert.equal(await detail(page, "Codes").innerText(), "−2,147,483,647 … 2,147,483,647");
    // The scales come on top of 32 bits.
    assert.match(await detail(page, "Compression").innerText(), /^\d\.\d\d % larger than FP32$/);
    assert.equal(await page.locator(".settings .tile .ctx").count(), 1);
    await page.keyboard.press("Home");
    await page.getByText("INT2 · symmetric, per channel").waitFor();
    assert.deepEqual(await tiles(page), expectedTiles(x, columns, "int2-sym-channel").tiles);
  });

  it("draws the values that the reader shapes, with outliers, and chooses their range", async () => {
    const { host, page } = await open({ scheme: "int4-sym" });
    await page.getByRole("radio", { name: "Shaped" }).click();
    await page.getByRole("slider", { name: "Outliers" }).fill("0.01");
    await page.getByRole("slider", { name: "Size of outliers" }).fill("50");
    await page.getByRole("slider", { name: "Shift" }).fill("0.5");
    await settled(page);
    assert.deepEqual(host.state.shaped, { ...usualState.shaped, outlierShare: 0.01, outlierFactor: 50, shift: 0.5 });
    const x = new Float32Array(host.state.shaped.rows * shapedColumns);
    drawValues(host.state.shaped, 0, x);
    const expected = expectedTiles(x, shapedColumns, "int4-sym");
    await until(page, (mae) => document.querySelector(".values .tile dd")?.textContent?.includes(mae), expected.tiles[0]!);
    assert.deepEqual(await tiles(page), expected.tiles);
    await page.getByRole("combobox", { name: "Range" }).click();
    await page.getByRole("option", { name: "Percentile 99", exact: true }).click();
    await page.getByText("INT4 · symmetric, per tensor, percentile 99").waitFor();
    await settled(page);
    assert.deepEqual(await tiles(page), expectedTiles(x, shapedColumns, "int4-sym-p99").tiles);
  });

  it("has no range where there is none to choose, and no bits for types of fixed width", async () => {
    const { page } = await open({ tensor, scheme: "int4-mse" });
    await page.getByRole("combobox", { name: "Range" }).waitFor();
    await page.getByRole("radio", { name: "Group", exact: true }).click();
    await page.getByRole("combobox", { name: "Group size" }).waitFor();
    assert.equal(await page.getByRole("combobox", { name: "Range" }).count(), 0);
    await page.getByText("INT4 · asymmetric, groups of 128").waitFor();
    await page.getByRole("combobox", { name: "Method" }).click();
    await page
      .getByRole("option", { name: /^NF4 · / })
      .first()
      .click();
    await page.locator(".values .facts").getByText(/^NF4/).waitFor();
    assert.equal(await page.getByRole("slider", { name: "Bits" }).count(), 0);
    assert.equal(await detail(page, "Zero-points").count(), 0);
  });

  it("shows all methods at all widths: the table is what the engine measures, and the place is marked", async () => {
    const { host, page } = await open({ tensor, scheme: "int4-g32" });
    const chart = page.getByRole("img", { name: /^SQNR against bits per weight for 6 affine methods/ });
    const sqnr = (await tiles(page))[4]!.replace("dB", "");
    assert.ok((await chart.getAttribute("aria-label"))?.includes(`What is chosen has ${sqnr} dB at 4.63 bits per weight`));
    const { content } = host.document;
    assert.ok(content?.kind === "ready");
    const types = ["int4-g32", "int8-sym", "int3-channel", "Q4_K"];
    const index = content.checkpoint.tensors.findIndex(({ name }) => name === tensor);
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const { total } = await host.engine.errors({ checkpoint: content.checkpoint, tensors: [index], types }, context);
    await page.locator(".quality").getByRole("button", { name: "Show as table" }).click();
    const labels = ["INT4, groups of 32, asymmetric", "INT8, per tensor, symmetric", "INT3, per channel, asymmetric", "Q4_K"];
    for (const [i, label] of labels.entries()) {
      const cells = page
        .locator(".quality-table tr")
        .filter({ has: page.getByRole("rowheader", { name: label, exact: true }) })
        .locator("td");
      const { bitsPerWeight, sqnrDb, within5 } = total[types[i]!]!;
      assert.deepEqual(await cells.allInnerTexts(), [fixed(bitsPerWeight, 2), `${fixed(sqnrDb, 1)} dB`, `${percentNumber(within5!)} %`]);
    }
  });

  it("goes along the curves with the keyboard and to a point with Enter", async () => {
    const { host, page } = await open({ tensor });
    await page.locator(".curves-box").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page
      .locator(".curves-note")
      .getByText(/^INT3, per tensor, asymmetric: [\d.]+ dB at 3\.\d\d bits per weight$/)
      .waitFor();
    await page.keyboard.press("ArrowDown");
    await page
      .locator(".curves-note")
      .getByText(/^INT3, per tensor, symmetric: /)
      .waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".values").getByText("INT3 · symmetric, per tensor").waitFor();
    assert.equal(host.state.scheme, "int3-sym");
  });

  it("estimates other models, the checkpoint's own, and says what is no size", async () => {
    const { page } = await open({ tensor, scheme: "f16" });
    const field = page.getByRole("textbox", { name: "Weights of the model" });
    const sizes = page.locator(".settings .tile dd:not(.ctx)");
    await field.fill("70B");
    await sizes.getByText("140 GB").waitFor();
    await page.getByText("50.0 % saved").waitFor();
    await page.getByText("2.00× smaller", { exact: true }).waitFor();
    await field.fill("seventy");
    await page.getByRole("alert").getByText("A number of weights, such as 7B, 350M or 6.74e9.").waitFor();
    await field.fill("");
    await sizes.first().getByText(/MB$/).waitFor();
  });

  it("links, exports and resets what is shown, and keeps it when the page is made again", async () => {
    const { host, page, webview } = await open({ tensor, scheme: "int3-g64" });
    for (const item of ["For Markdown and notebooks in VS Code", "For browsers and mails"]) {
      await page.getByRole("button", { name: "Copy link…" }).click();
      await page.getByRole("menuitem", { name: item }).click();
    }
    for (const item of ["Values as PNG…", "Quality as PNG…", "Figures as CSV…", "Values as CSV…", "Quality as CSV…"]) {
      await page.getByRole("button", { name: "Export…" }).click();
      await page.getByRole("menuitem", { name: item }).click();
    }
    await page.getByRole("button", { name: "Show in the editor" }).click();
    await page.waitForTimeout(100);
    const state = { ...usualState, tensor, scheme: "int3-g64" };
    assert.deepEqual(host.linked, [
      { state, kind: "command" },
      { state, kind: "web" },
    ]);
    assert.deepEqual(host.opened, [tensor]);
    const base = `${tensor}.int3-g64`;
    assert.deepEqual(
      host.saved.map(({ name }) => name),
      ["values.png", "quality.png", "figures.csv", "values.csv", "quality.csv"].map((end) => `${base}.${end}`),
    );
    const text = host.saved.map(({ content }) => new TextDecoder().decode(content));
    for (const { content } of host.saved.slice(0, 2)) {
      const view = Buffer.from(content);
      assert.equal(view.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
      // Width and height of the first chunk: of the figure, with its title above.
      assert.ok(view.readUInt32BE(16) > 300 && view.readUInt32BE(20) > 150);
    }
    const mae = /\nmae,([\d.e-]+)\n/.exec(text[2]!)?.[1];
    assert.equal(significant(Number(mae)), (await tiles(page))[0]);
    assert.match(text[2]!, /^figure,value\nscheme,int3-g64\nmethod,rtn\n/);
    assert.match(text[3]!, /^low,high,before,after,rms_error\n/);
    assert.match(text[4]!, /\nint3-g64,,3\.\d+,/);
    await page.getByRole("radio", { name: "Linear" }).click();
    await webview.load();
    await page.locator(".values").getByText("INT3 · asymmetric, groups of 64").waitFor();
    assert.equal(await page.getByRole("radio", { name: "Linear" }).getAttribute("aria-checked"), "true");
    await page.getByRole("button", { name: "Reset" }).click();
    await page.locator(".values").getByText("INT4 · symmetric, per channel").waitFor();
    assert.deepEqual(host.state, { ...usualState, tensor });
  });

  it("shows the perplexity of the model where it was measured, and leads to measuring it where not", async () => {
    const { host, page } = await open({ tensor, scheme: "int4-sym-channel" });
    await page.getByText("That of INT4 sym. per channel is not measured: the whole model is run for it.").waitFor();
    await page.getByRole("button", { name: "Measure perplexity…" }).click();
    await page.waitForTimeout(100);
    assert.deepEqual(host.measured, [["int4-sym-channel", "int3-sym-channel", "int5-sym-channel", "int6-sym-channel", "int8-sym-channel"]]);
    const types = ["int4-sym-channel", "int3-sym-channel", "nf4", "int2-sym-channel"];
    const { original, of } = await host.measurePerplexity(types);
    const value = `${fixed(of("int4-sym-channel"), 2)} (original ${fixed(original, 2)})`;
    await detail(page, "Perplexity as INT4 sym. per channel").getByText(value, { exact: true }).waitFor();
    const figure = page.locator(".perplexity");
    await figure.getByText("calibration.txt, 1 × 64 tokens").waitFor();
    await figure.getByText(`original: ${fixed(original, 2)}`).waitFor();
    assert.equal(await page.getByRole("button", { name: "Measure perplexity…" }).count(), 0);
    const chart = figure.getByRole("img", { name: /^Perplexity against bits per weight of 4 types/ });
    assert.ok((await chart.getAttribute("aria-label"))?.includes(`INT4 sym. per channel has ${fixed(of("int4-sym-channel"), 2)}.`));
    assert.ok(of("int2-sym-channel") > 1.5 * original);
    await figure.getByText(`Off the scale: INT2 sym. per channel ${fixed(of("int2-sym-channel"), 1)}`).waitFor();
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.locator(".values").getByText("INT3 · symmetric, per channel").waitFor();
    await figure.getByRole("button", { name: "Show as table" }).click();
    const row = figure.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "NF4", exact: true }) });
    assert.equal(await row.locator("td").nth(1).innerText(), `${fixed(of("nf4"), 2)} (original ${fixed(original, 2)})`);
    await page.getByRole("radio", { name: "Shaped" }).click();
    await figure.waitFor({ state: "detached" });
    await settled(page);
    assert.equal(await detail(page, "Perplexity as INT3 sym. per channel").count(), 0);
  });

  it("keeps the settings in sight beside the figures until the page is narrow", async () => {
    const { page } = await open({ tensor });
    const slider = page.getByRole("slider", { name: "Bits" });
    const isBeside = async (): Promise<boolean> => {
      const [box, figure] = [await slider.boundingBox(), await page.locator("qs-playground-values figure").boundingBox()];
      return box!.x + box!.width <= figure!.x;
    };
    await page.setViewportSize({ width: 1000, height: 800 });
    assert.ok(await isBeside());
    await page.locator("qs-playground-perplexity").getByRole("button").first().scrollIntoViewIfNeeded();
    assert.ok(await page.evaluate("document.scrollingElement.scrollTop > 0"));
    assert.ok((await slider.boundingBox())!.y > 0);
    assert.equal(await page.evaluate("document.scrollingElement.scrollWidth > innerWidth"), false);
    await page.setViewportSize({ width: 600, height: 800 });
    assert.ok(!(await isBeside()));
  });

  it("shows what a link says while it is open", async () => {
    const { host, page } = await open({ tensor });
    host.state = { ...usualState, data: "shaped", scheme: "nf4" };
    host.session!.changed();
    await page.getByRole("combobox", { name: "Distribution" }).waitFor();
    await page.locator(".values .facts").getByText(/^NF4/).waitFor();
    await page.getByText(/^256 × 1,024, σ 0\.0/).waitFor();
  });
});
