import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { bitPattern, numberFormatFacts } from "../../../src/core/numbers/bitPattern";
import { numberFormats } from "../../../src/core/numbers/numberFormat";
import { reasonText } from "../../../src/core/recipe/reasons";
import { furtherErrors } from "../../../src/extension/lesson/figures/furtherErrors";
import { recipeFigure } from "../../../src/extension/lesson/figures/recipeFigure";
import { openSample } from "../../../src/extension/lesson/figures/lessonModels";
import { ModelRun } from "../../../src/extension/lesson/figures/modelRun";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { tinyConfig, tinyTensors } from "../../support/tinyModel";
import { assertAccessible } from "../../support/webview/accessible";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { themeNames } from "../../support/webview/themes";
import { until } from "../../support/webview/until";
import { WebviewBrowser } from "../../support/webview/webviewPage";

const sample = "media/sample";
const signal = new AbortController().signal;
const percentOf = (share: number): string => `${(100 * share).toFixed(100 * share >= 1 ? 1 : 2)} %`;
const context = { signal, progress: () => undefined };

describe("Lesson figures of the later sections", function () {
  this.timeout(180_000);
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  async function open(id: string, host = new LessonSessionHost()) {
    const { page } = await browser.page(host, { page: "lesson" });
    const part = page.locator(`section[data-section=${id}]`);
    await part.scrollIntoViewIfNeeded();
    const run = new ModelRun(
      () => openSample(sample, signal),
      () => Promise.resolve(host.engine),
      signal,
    );
    return { host, page, part, run };
  }

  const slide = (page: Page, view: string, step: number) => page.locator(`${view} input[type=range]`).fill(String(step));

  it("GPTQ: every step's errors are those of the quantizer that was watched, in words, in the table and at the bits chosen", async () => {
    const { host, page, part, run } = await open("beyond");
    const sentence = part.locator("#gptq-sentence");
    const { gptq } = await run.layers();
    const three = gptq.find(({ bits }) => bits === 3)!;
    // It begins half way, where both sides of the line show something.
    const text = `After 12 of 24 columns GPTQ has changed the outputs by ${percentOf(three.gptqErrors[12]!)} of their energy; rounding to nearest by ${percentOf(three.roundingErrors[12]!)}.`;
    await sentence.getByText(text, { exact: true }).waitFor();
    await part.getByRole("img", { name: `GPTQ: ${text}` }).waitFor();
    // Rounding leaves the columns behind the line alone; GPTQ corrects them.
    const drawn = (title: string) => part.getByRole("img", { name: `${title}: ${text}` }).locator(".change-more, .change-less");
    const changed = (values: readonly number[]): number => values.filter((value) => value !== 0).length;
    assert.equal(await drawn("GPTQ").count(), changed(three.changes[11]!));
    assert.equal(await drawn("Rounding to nearest").count(), changed(three.roundingChange.filter((_, i) => i % 24 < 12)));
    await slide(page, "qs-gptq-figure", 0);
    await sentence.getByText("Nothing is rounded yet").waitFor();
    await part.getByRole("radio", { name: "2 bits" }).click();
    await slide(page, "qs-gptq-figure", 24);
    const two = gptq.find(({ bits }) => bits === 2)!;
    const last = `by ${percentOf(two.gptqErrors[24]!)} of their energy, rounding to nearest by ${percentOf(two.roundingErrors[24]!)}`;
    await sentence.getByText(last).waitFor();
    await part.locator("qs-gptq-figure").getByRole("button", { name: "Show as table" }).click();
    const table = part.getByRole("region", { name: "GPTQ", exact: true });
    assert.equal(await table.locator("tbody tr").count(), 12);
    assert.equal(await table.locator("tbody td").count(), 12 * 24);
    assert.deepEqual(host.failures, []);
  });

  it("plays to the end by itself, is paused, and goes by one; there is nothing to play where movement is not wanted", async () => {
    const { page, part } = await open("beyond");
    const player = part.locator("qs-gptq-figure");
    await player.getByRole("button", { name: "Next step" }).click();
    await player.getByText("13 / 24").waitFor();
    await player.getByRole("button", { name: "Previous step" }).click();
    await player.getByText("12 / 24").waitFor();
    await slide(page, "qs-gptq-figure", 22);
    await player.getByRole("button", { name: "Play" }).click();
    await player.getByRole("button", { name: "Pause" }).waitFor();
    await player.getByText("24 / 24").waitFor();
    await player.getByRole("button", { name: "Play" }).click();
    await player.getByText("2 / 24").waitFor();
    await player.getByRole("button", { name: "Pause" }).click();
    await player.getByRole("button", { name: "Play" }).waitFor();
    await player.getByRole("slider").press("ArrowRight");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await player.getByRole("button", { name: "Next step" }).click();
    await player.getByRole("button", { name: "Play" }).waitFor({ state: "detached" });
  });

  it("reads out where playing ends, not every step on the way", async () => {
    const { page, part } = await open("beyond");
    const player = part.locator("qs-gptq-figure");
    await slide(page, "qs-gptq-figure", 18);
    await page.evaluate(() => {
      const said: (string | null)[] = [];
      const region = document.querySelector("body > [aria-live=polite]")!;
      new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
      Object.assign(window, { said });
    });
    await player.getByRole("button", { name: "Play" }).click();
    await player.getByText("24 / 24").waitFor();
    await player.getByRole("button", { name: "Play" }).waitFor();
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    assert.equal(said.length, 1, said.join(" | "));
    assert.match(said[0]!, /^All 24 columns are rounded/);
    await player.getByRole("button", { name: "Play" }).click();
    await player.getByText("2 / 24").waitFor();
    await player.getByRole("button", { name: "Pause" }).click();
    await until(page, () => (window as unknown as { said: string[] }).said.at(-1)?.startsWith("After "));
  });

  it("AWQ: factor and error at each exponent are those of the search", async () => {
    const { page, part, run } = await open("beyond");
    await part.locator("#awq-sentence").waitFor();
    const { awq } = await run.layers();
    // It begins at the best exponent.
    const { column, magnitude, scales } = awq.channels[0]!;
    const written = (value: number): string => value.toPrecision(3);
    await part
      .getByText(
        `At α = ${awq.ratios[awq.best]!.toFixed(2)} channel ${column}, whose inputs are the largest (mean magnitude ${written(magnitude)}), is multiplied by ${written(scales[awq.best]!)} before rounding; the outputs change by ${percentOf(awq.errors[awq.best]!)} of their energy, ${percentOf(awq.roundingError)} without scaling.`,
        { exact: true },
      )
      .waitFor();
    await part.locator("qs-awq-figure").getByRole("button", { name: "Show as table" }).click();
    const rows = part.getByRole("region", { name: "Input channels" }).locator("tbody tr");
    assert.equal(await rows.count(), awq.channels.length);
    assert.deepEqual(await rows.first().locator("th, td").allInnerTexts(), [
      String(column),
      written(magnitude),
      written(scales[awq.best]!),
    ]);
    await slide(page, "qs-awq-figure", 0);
    await part.getByText(`At α = 0.00 channel ${column}`).waitFor();
    assert.equal(await rows.first().locator("td").last().innerText(), written(scales[0]!));
  });

  it("calibration: the methods' choices, a threshold that the keys move, and other bits", async () => {
    const { page, part, run } = await open("calibration");
    await part.locator("#calibration-sentence").waitFor();
    const eight = await run.activations(8);
    const cells = async (method: string): Promise<string[]> => part.locator(`tr[data-method=${method}] td`).allInnerTexts();
    for (const { method, clipped, sqnrDb, zeroPoint } of eight.methods) {
      const found = await cells(method);
      assert.deepEqual([found[2], found[3], found[5]], [String(zeroPoint), String(clipped), `${sqnrDb!.toFixed(1)} dB`], method);
    }
    const best = eight.methods.reduce((a, b) => (b.mse < a.mse ? b : a)).method;
    assert.equal(await part.locator("tr.best").getAttribute("data-method"), best);
    const percentile = eight.methods.find(({ method }) => method === "percentile")!;
    await part.locator("#calibration-sentence").getByText(`: ${percentile.clipped} of 786,432 values`).waitFor();
    const handle = part.getByRole("slider", { name: "Clipping threshold" });
    await handle.focus();
    await page.keyboard.press("End");
    for (let i = 0; i < 4; i++) await page.keyboard.press("PageDown");
    const own = part.locator("tr[data-method=own]");
    await own.waitFor();
    const bin = eight.histogram.max / eight.histogram.counts.length;
    const judged = await run.threshold(8, eight.histogram.max - 40 * bin);
    await part.locator("#calibration-sentence").getByText(`: ${judged.clipped} of 786,432 values`).waitFor();
    assert.equal((await cells("own"))[5], `${judged.sqnrDb!.toFixed(1)} dB`);
    await part.getByRole("radio", { name: "4 bits" }).click();
    const four = await run.activations(4);
    await part
      .locator("tr[data-method=minmax]")
      .getByText(`${four.methods[0]!.sqnrDb!.toFixed(1)} dB`)
      .waitFor();
  });

  it("runs the sample for a checkpoint that cannot be run, and says why below each figure", async () => {
    const file = folder("model.safetensors");
    writeFileSync(file, writeSafetensors(tinyTensors()));
    writeFileSync(folder("config.json"), JSON.stringify({ ...tinyConfig, architectures: ["MambaForCausalLM"] }));
    const { page, part, run } = await open("beyond", new LessonSessionHost(file));
    const why = "This is the sample: the checkpoint’s architecture is not one that Quantscope can run.";
    await part.locator("qs-gptq-figure figcaption").getByText(why).waitFor();
    const { gptqTensor } = await run.layers();
    assert.ok((await part.locator("qs-gptq-figure figcaption").innerText()).includes(gptqTensor));
    await part.locator("qs-awq-figure figcaption").getByText(why).waitFor();
    await page.locator("section[data-section=calibration]").scrollIntoViewIfNeeded();
    await page.locator("section[data-section=calibration] figcaption").getByText(why).waitFor();
  });

  it("group sizes and few bits: the errors of the job on the lesson's tensor", async () => {
    const { host, page, part } = await open("further");
    const sentence = part.locator("#groups-sentence");
    await sentence.waitFor();
    const { checkpoint } = await host.document.whenReadable();
    const name = (await part.locator("qs-group-sizes figcaption").innerText()).split(",")[0]!;
    const tensor = checkpoint.tensors.findIndex((info) => info.name === name);
    const { groups, lowBits } = await furtherErrors(host.engine, { checkpoint, tensor }, context);
    assert.deepEqual(
      groups.map(({ size }) => size),
      [16, 32, 64, 128, 256],
    );
    for (const [place, { size, relativeRmse, bitsPerWeight, overhead }] of groups.entries()) {
      await slide(page, "qs-group-sizes", place);
      await sentence
        .getByText(
          `With groups of ${size} weights the error is ${percentOf(relativeRmse!)} of the weights’ RMS, at ${bitsPerWeight.toFixed(3)} bits per weight: ${overhead.toFixed(3)} of them`,
        )
        .waitFor();
    }
    for (const { scheme, bitsPerWeight, sqnrDb } of lowBits) {
      const cells = await part.locator(`tr[data-scheme="${scheme}"] td`).allInnerTexts();
      assert.deepEqual([cells[0], cells[2]], [bitsPerWeight.toFixed(2), `${sqnrDb!.toFixed(1)} dB`], scheme);
    }
    assert.equal(lowBits.length, 6);
  });

  it("mixed precision: the plan of a real write of the checkpoint, and every one of its tensors", async () => {
    const { host, part } = await open("further");
    await part.locator(".recipe-table").waitFor();
    const { checkpoint } = await host.document.whenReadable();
    const { rows, bitsPerWeight } = await recipeFigure(checkpoint, new NodeFolder(sample), reasonText);
    const shown = await part
      .locator(".recipe-table tbody tr")
      .evaluateAll((all) => all.map((row) => [...row.children].slice(0, 3).map((cell) => cell.textContent)));
    assert.deepEqual(
      shown,
      rows.map(({ type, reason, tensors }) => [type, reason, String(tensors)]),
    );
    assert.equal(
      rows.reduce((sum, { tensors }) => sum + tensors, 0),
      checkpoint.tensors.length,
    );
    assert.ok(rows.some(({ type }) => type === "Q6_K") && rows.some(({ type }) => type === "Q4_K"));
    await part.getByText(`${bitsPerWeight.toFixed(2)} bits per weight`).waitFor();
  });

  it("number formats: a bit that is turned over, a number that is stored, by mouse and by keys, as the decoders have it", async () => {
    const { host, page, part } = await open("further");
    const bits = part.getByRole("group", { name: "Bits, highest first" });
    await bits.waitFor();
    const read = async (): Promise<string> => (await bits.getByRole("button").allInnerTexts()).join("").replace(/\s/g, "");
    assert.equal(await read(), bitPattern("fp16", 0x34cd).bits);
    await part.locator("#bits-sentence").getByText("0.3000488").waitFor();
    await bits.getByRole("button", { name: "bit 15, sign" }).click();
    await part.locator("#bits-sentence").getByText("−0.3000488").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Space");
    await part.locator("#bits-sentence").getByText("2¹⁴").waitFor();
    assert.equal(await read(), bitPattern("fp16", 0xf4cd).bits);
    const typed = part.getByRole("textbox", { name: "A number" });
    for (const { id, label, encode } of numberFormats) {
      await part.getByRole("radio", { name: label, exact: true }).click();
      await typed.fill("0.75");
      await page.keyboard.press("Enter");
      const expected = bitPattern(id, encode(0.75)).bits;
      await until(page, (wanted) => document.querySelector(".bits")?.textContent?.replace(/\s/g, "") === wanted, expected);
    }
    const values = await part.locator(".bits-table tbody tr td:last-child").allInnerTexts();
    assert.deepEqual(
      values.map((text) => Number(text.replace(/,/g, ""))),
      numberFormatFacts().map((facts) => facts.values),
    );
    assert.deepEqual(host.failures, []);
  });

  for (const theme of themeNames) {
    it(`has no barriers in ${theme}`, async () => {
      const { page } = await browser.page(new LessonSessionHost(), { page: "lesson", theme });
      for (const id of ["beyond", "calibration"]) await page.locator(`section[data-section=${id}]`).scrollIntoViewIfNeeded();
      for (const ready of ["#gptq-sentence", "#calibration-sentence", "#groups-sentence", ".recipe-table", ".bits"])
        await page.locator(ready).waitFor();
      await slide(page, "qs-gptq-figure", 12);
      await assertAccessible(page, theme);
      await page.locator("qs-gptq-figure").getByRole("button", { name: "Show as table" }).click();
      await page.locator("qs-awq-figure").getByRole("button", { name: "Show as table" }).click();
      await assertAccessible(page, `${theme}, tables`);
    });
  }
});
