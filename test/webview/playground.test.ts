import assert from "node:assert/strict";
import path from "node:path";
import type { Page } from "playwright-core";
import { emptyErrorTotals, ErrorSums } from "../../src/core/measure/errorSums";
import type { ComparedMethod, ComparedSetting, SettingErrors } from "../../src/core/gptq/comparedSetting";
import { defaultGptqOptions, type GptqOptions } from "../../src/core/gptq/options";
import { parseAffine } from "../../src/core/quant/affine";
import { type AffineRange, affineReconstruct } from "../../src/core/quant/affineArithmetic";
import { drawValues, shapedColumns } from "../../src/core/shaped/shapedValues";
import { openPath } from "../../src/io/openPath";
import type { PreviewReport } from "../../src/jobs/contract";
import { readValues } from "../../src/jobs/valuesJob";
import { usualState } from "../../src/extension/playground/playgroundState";
import { count, fixed, percent, percentNumber, significant } from "../../webview/ui/format";
import { PlaygroundSessionHost } from "../support/webview/playgroundSessionHost";
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

/** What the tiles say, in their order: MAE, RMSE, max error, within 5 %, SQNR, bits per weight. */
function tiles(page: Page): Promise<string[]> {
  return page.locator(".values .tile dd:not(.ctx)").evaluateAll((all) => all.map((dd) => (dd.textContent ?? "").replace(/\s+/g, "")));
}

const detail = (page: Page, name: string) =>
  page
    .locator(".values .facts tr")
    .filter({ has: page.getByRole("rowheader", { name, exact: true }) })
    .locator("td");

describe("Playground", () => {
  const browser = WebviewBrowser.use();

  async function open(state: object = {}) {
    const host = new PlaygroundSessionHost(sample, state);
    const webview = await browser.page(host, { page: "playground" });
    const { page } = webview;
    await page.locator(".values .tile").first().waitFor();
    await page.locator("qs-curves-view canvas").waitFor();
    await page.locator("qs-playground-quality figure[aria-busy=false]").waitFor();
    return { host, page, webview };
  }

  /** Waits until what is shown is what was chosen. */
  const settled = (page: Page) => page.locator("qs-playground-values figure[aria-busy=false]").waitFor();

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
    await page.waitForFunction((mae) => document.querySelector(".values .tile dd")?.textContent?.includes(mae), expected.tiles[0]!);
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

  describe("methods that need what enters a layer", () => {
    const layer = "model.layers.1.self_attn.o_proj.weight";
    const settings = (method: ComparedMethod, bits: GptqOptions["bits"]): ComparedSetting => ({
      method,
      options: { ...defaultGptqOptions, bits, groupSize: 64 },
    });

    /** What the jobs alone make of the layer, by `gptq 3` and so on. */
    async function expectedOf(host: PlaygroundSessionHost) {
      const { content } = host.document;
      assert.ok(content?.kind === "ready");
      const { checkpoint } = content;
      const context = { signal: new AbortController().signal, progress: () => undefined };
      const { samples } = await host.samples(content, context.signal);
      const collected = await host.engine.collectLayer({ checkpoint, samples, tensor: layer }, context);
      const index = checkpoint.tensors.findIndex(({ name }) => name === layer);
      const all = ([3, 8] as const).flatMap((bits) => (["rtn", "gptq", "awq"] as const).map((method) => settings(method, bits)));
      const found = new Map<string, { outputError: number; errors: PreviewReport["errors"] }>();
      const onErrors = async (i: number, { outputError }: SettingErrors, values: SharedArrayBuffer): Promise<void> => {
        const { method, options } = all[i]!;
        const input = { checkpoint, tensor: index, scheme: `int${options.bits}-sym-g64`, bins: 2, values };
        found.set(`${method} ${options.bits}`, { outputError, errors: (await host.engine.preview(input, context)).errors });
      };
      await host.engine.compareSettings({ layer: collected, settings: all, onErrors }, context);
      return { of: (name: string) => found.get(name)!, tokens: collected.heldOut.shape.tokens };
    }

    async function choose(page: Page, method: string): Promise<void> {
      await page.getByRole("combobox", { name: "Method" }).click();
      await page.getByRole("option", { name: method }).click();
    }

    it("runs the model once, and shows what GPTQ and AWQ make of the weights and of the outputs", async () => {
      const { host, page } = await open({ tensor: layer, scheme: "int3-sym-g64" });
      assert.equal(host.collections, 0);
      await choose(page, "GPTQ · makes up for errors");
      await page.locator(".values").getByText("GPTQ, INT3 · symmetric, groups of 64").waitFor();
      const expected = await expectedOf(host);
      const shown = async (method: "gptq" | "awq", bits: number): Promise<void> => {
        const [{ outputError, errors }, rtn] = [expected.of(`${method} ${bits}`), expected.of(`rtn ${bits}`)];
        assert.deepEqual(await tiles(page), [
          significant(errors.mae),
          significant(errors.rmse),
          significant(errors.maxError),
          `${percentNumber(errors.within5!)}%`,
          `${fixed(errors.sqnrDb, 1)}dB`,
          significant(errors.bitsPerWeight),
        ]);
        assert.equal(await detail(page, "Error of the outputs").innerText(), percent(outputError));
        const rounding = `${percent(rtn.outputError)}, ${fixed(rtn.outputError / outputError, 2)} times as much`;
        assert.equal(await detail(page, "The same by rounding to nearest").innerText(), rounding);
        assert.equal(await detail(page, "Judged on held-out tokens").innerText(), count(expected.tokens));
      };
      await shown("gptq", 3);
      assert.equal(await detail(page, "Codes").innerText(), "−4 … 3");
      assert.ok(expected.of("gptq 3").errors.rmse! > expected.of("rtn 3").errors.rmse!, "weights are further off");
      await page.getByText("GPTQ aims at the outputs of the layer").waitFor();
      await page.locator(".quality").getByRole("button", { name: "Show as table" }).click();
      for (const [name, key] of [
        ["INT8, GPTQ, groups of 64, symmetric", "gptq 8"],
        ["INT3, AWQ, groups of 64, symmetric", "awq 3"],
        ["INT3, Rounding, groups of 64, symmetric", "rtn 3"],
      ] as const) {
        const row = page.locator(".quality-table tr").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
        await row.waitFor();
        const { outputError, errors } = expected.of(key);
        assert.deepEqual(await row.locator("td").allInnerTexts(), [
          fixed(errors.bitsPerWeight, 2),
          `${fixed(errors.sqnrDb, 1)} dB`,
          `${percentNumber(errors.within5!)} %`,
          percent(outputError),
        ]);
      }
      await choose(page, "AWQ · scales large inputs");
      await page.locator(".values").getByText("AWQ, INT3 · symmetric, groups of 64").waitFor();
      await shown("awq", 3);
      assert.deepEqual([host.collections, host.failures], [1, []]);
    });

    it("shows their errors beside that of rounding, and goes to a point of theirs", async () => {
      const { host, page } = await open({ tensor: layer, scheme: "int8-sym-g64", method: "gptq" });
      await page.getByRole("radio", { name: "Outputs" }).click();
      const ratio = async (method: string): Promise<string> => {
        const expected = await expectedOf(host);
        return percent(expected.of(`${method} 8`).outputError / expected.of("rtn 8").outputError);
      };
      const chart = page.getByRole("img", { name: /^Error of the layer’s outputs by GPTQ and AWQ, as a part of that by rounding/ });
      assert.ok((await chart.getAttribute("aria-label"))?.includes(`What is chosen has ${await ratio("gptq")} of rounding at 8.25 bits`));
      await page.locator(".lines-key").getByText("AWQ, groups of 64, symmetric").waitFor();
      await chart.focus();
      for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "End"]) await page.keyboard.press(key);
      await page
        .locator(".curves-note")
        .getByText(`INT8, AWQ, groups of 64, symmetric: ${await ratio("awq")} of rounding at 8.25 bits per weight`)
        .waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".values").getByText("AWQ, INT8 · symmetric, groups of 64").waitFor();
      assert.deepEqual([host.state.scheme, host.state.method], ["int8-sym-g64", "awq"]);
      await page.getByRole("button", { name: "Export…" }).click();
      await page.getByRole("menuitem", { name: "Figures as CSV…" }).click();
      await page.waitForTimeout(100);
      const csv = new TextDecoder().decode(host.saved[0]!.content);
      assert.match(csv, /\nmethod,awq\noutput_error,0\.\d+\noutput_error_by_rounding,0\.\d+\n/);
    });

    it("goes back to rounding when the run of the model is cancelled", async () => {
      const { host, page } = await open({ tensor: layer, scheme: "int4-sym-g64" });
      let release: () => void = () => undefined;
      host.held = new Promise((resolve) => (release = resolve));
      await choose(page, "GPTQ · makes up for errors");
      await page.getByText("Collecting activations… 0 %").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      release();
      await settled(page);
      await page.getByText(/^Collecting activations/).waitFor({ state: "detached" });
      assert.deepEqual([host.state.method, host.state.scheme, host.failures], ["rtn", "int4-sym-g64", []]);
      assert.equal(await page.getByRole("radio", { name: "Outputs" }).count(), 0);
    });

    it("offers what they can make, and says why they are not at hand", async () => {
      const { host, page } = await open({ tensor: layer, scheme: "int6" });
      await choose(page, "AWQ · scales large inputs");
      await page.locator(".values").getByText("AWQ, INT4 · asymmetric, groups of 128").waitFor();
      assert.deepEqual(await page.getByRole("radiogroup", { name: "Bits" }).getByRole("radio").allInnerTexts(), ["2", "3", "4", "8"]);
      assert.equal(await page.getByRole("radio", { name: "Tensor", exact: true }).count(), 0);
      const isOffered = async (): Promise<boolean> => {
        const option = page.getByRole("option", { name: "GPTQ · makes up for errors", includeHidden: true });
        return (await option.getAttribute("aria-disabled")) !== "true";
      };
      assert.ok(await isOffered());
      await page.getByRole("radio", { name: "Shaped" }).click();
      await page.getByText("GPTQ and AWQ need a layer of a model and what enters it; these values are shaped.").waitFor();
      assert.deepEqual([host.state.method, await isOffered()], ["rtn", false]);
      await page.getByRole("radio", { name: "Real tensor" }).click();
      await page.getByRole("combobox", { name: "Tensor" }).click();
      await page.getByRole("option", { name: "model.norm.weight" }).click();
      await page.getByText("GPTQ and AWQ need the weight of a linear layer, which this tensor is not.").waitFor();
      assert.ok(!(await isOffered()));
    });
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
