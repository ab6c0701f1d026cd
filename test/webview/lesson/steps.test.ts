import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { mechanics } from "../../../src/core/lesson/mechanics";
import { numberLine } from "../../../src/core/lesson/numberLine";
import { noProgress } from "../../../src/core/lesson/progress";
import { stepIds } from "../../../src/core/lesson/steps";
import { deviceFits, modelSizes, storedTypes } from "../../../src/extension/lesson/figures/modelSizes";
import { rangeErrors } from "../../../src/extension/lesson/figures/rangeErrors";
import { schemeErrors } from "../../../src/extension/lesson/figures/schemeErrors";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { article, atStep, steps } from "../../support/webview/lessonSteps";
import { until } from "../../support/webview/until";
import { WebviewBrowser } from "../../support/webview/webviewPage";

const context = { signal: new AbortController().signal, progress: () => undefined };
/** Numbers as the page writes them. */
const digits = (value: number, precision = 3): string => value.toPrecision(precision).replace("-", "−");
const percentOf = (share: number): string => `${(100 * share).toFixed(100 * share >= 1 ? 1 : 2)} %`;
const next = (page: Page) => page.locator(".walk-bar").getByRole("button", { name: /^(Next|Finish)/ });

/** The least and the greatest weight of the tensor that figures are about. */
async function measured(host: LessonSessionHost) {
  const { content } = host.document;
  assert.ok(content?.kind === "ready");
  const { min, max } = await content.measurements.detail(0, context.signal);
  return { min: min!, max: max!, tensor: { checkpoint: content.checkpoint, tensor: 0 } };
}

describe("Lesson step by step", function () {
  this.timeout(120_000);
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  const open = (host: LessonSessionHost) => browser.page(host, { page: "lesson" });

  it("is reached from the contents, goes on and back, ticks what is done, and finishes in the lesson", async () => {
    const host = new LessonSessionHost();
    const { page } = await open(host);
    await page.getByRole("navigation", { name: "Lesson contents" }).getByRole("button", { name: "Step by step" }).click();
    for (const [place, step] of stepIds.entries()) {
      await article(page, step).waitFor();
      await page
        .getByText(`Step ${place + 1} of 6`)
        .first()
        .waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H2");
      const heading = await page.getByRole("heading", { level: 2 }).innerText();
      await page
        .getByRole("status")
        .getByText(`Step ${place + 1} of 6: ${heading}`)
        .waitFor();
      assert.equal(await steps(page).locator("[aria-current=step]").innerText(), `${place + 1}\n${heading}`);
      assert.equal(await steps(page).locator(".done").count(), place);
      assert.equal(await page.getByRole("button", { name: /^Previous/ }).count(), place === 0 ? 0 : 1);
      assert.match(await next(page).innerText(), place === 5 ? /^Finish$/ : /^Next: /);
      await next(page).press("Enter");
    }
    await page.getByRole("heading", { name: "Quantization, on real weights" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
    assert.deepEqual(host.progress.steps, { at: "problem", done: [...stepIds] });
    await page.getByRole("button", { name: "Step by step 6 of 6 done" }).first().click();
    await article(page, "problem").waitFor();
    await steps(page).getByRole("button", { name: "Rounding and error" }).click();
    await article(page, "rounding").waitFor();
    await page.getByRole("button", { name: "Previous: Scale and zero-point" }).click();
    await article(page, "scale").waitFor();
    await page.getByRole("button", { name: "Start over" }).click();
    await article(page, "problem").waitFor();
    await page.locator(".walk-step.done").first().waitFor({ state: "detached" });
    assert.equal(host.progress.steps, undefined);
    await page.getByRole("button", { name: "Back to the lesson" }).click();
    await page.locator("section[data-section=why]").waitFor();
    assert.deepEqual(host.failures, []);
  });

  it("comes back at its step, in this window and in another, and begins anew when progress is reset", async () => {
    const host = new LessonSessionHost();
    const view = await open(host);
    const { page } = view;
    host.session!.openPlace("steps");
    await next(page).click();
    await article(page, "range").getByRole("radio", { name: "Symmetric", exact: true }).click();
    await article(page, "range").getByRole("radio", { name: "3", exact: true }).click();
    await next(page).click();
    await article(page, "scale").getByRole("heading", { name: "lm_head.weight, INT3 per tensor" }).waitFor();
    await view.load();
    await article(page, "scale").getByRole("heading", { name: "lm_head.weight, INT3 per tensor" }).waitFor();
    assert.equal(await article(page, "scale").getByRole("radio", { name: "Symmetric", exact: true }).getAttribute("aria-checked"), "true");
    assert.deepEqual(host.progress.steps, { at: "scale", done: ["problem", "range"] });

    const other = new LessonSessionHost(undefined, host.progress);
    const elsewhere = (await open(other)).page;
    await elsewhere.getByRole("button", { name: "Step by step 2 of 6 done" }).first().click();
    await article(elsewhere, "scale").waitFor();

    await host.reset();
    await article(page, "problem").waitFor();
    await view.load();
    await article(page, "problem").waitFor();
    assert.equal(await steps(page).locator(".done").count(), 0);
    host.session!.openPlace("why");
    await until(page, () => document.activeElement?.id === "heading-why");
    await view.load();
    await page.locator("section[data-section=why]").waitFor();
    assert.deepEqual(host.failures, []);
  });

  it("the problem: sizes of any model, and the devices that hold it", async () => {
    const { page } = await open(atStep("problem"));
    const part = article(page, "problem");
    for (const parameters of [7e9, 70e9]) {
      if (parameters !== 7e9) {
        await part.getByRole("slider", { name: "Weights of the model" }).press("Enter");
        await part.getByRole("textbox", { name: "Weights of the model" }).fill(String(parameters));
        await page.keyboard.press("Enter");
      }
      const devices = deviceFits(parameters);
      const holding = (type: string): number => devices.filter(({ types }) => types.includes(type)).length;
      const sentence = `Of the ${devices.length} devices below, ${holding("FP16")} can hold these weights in FP16, ${holding("INT8")} in INT8 and ${holding("INT4")} in INT4.`;
      await part.getByText(sentence).waitFor();
      const size = modelSizes(parameters).find(({ type }) => type === "INT8")!;
      await part.getByText(`${digits(size.bytes / 1e9)} GB = ${(size.bytes / 2 ** 30).toFixed(2)} GiB`).waitFor();
      const rows = await Promise.all((await part.locator(".device-fits tbody tr").all()).map((row) => row.locator("td").allInnerTexts()));
      assert.deepEqual(
        rows.map((cells) => cells.slice(1)),
        devices.map(({ types }) => ["FP32", "FP16", "INT8", "INT4"].map((type) => (types.includes(type) ? "fits" : "too large"))),
      );
    }
  });

  it("range, scale, rounding: the numbers of the tensor at the bits and the range that carry on", async () => {
    const host = atStep("range");
    const { page } = await open(host);
    const ranges = article(page, "range").getByRole("table", { name: "The two ranges" });
    await ranges.waitFor();
    const { min, max, tensor } = await measured(host);
    for (const bits of [4, 2]) {
      const [whole, even] = [numberLine(min, max, bits, false), numberLine(min, max, bits, true)];
      await article(page, "range")
        .getByRole("radio", { name: String(bits), exact: true })
        .click();
      await ranges.getByRole("cell", { name: digits(even.scale), exact: true }).waitFor();
      await ranges.getByRole("cell", { name: digits(whole.scale), exact: true }).waitFor();
      const beyond = 1 - (max - min) / (even.high - even.low);
      await article(page, "range")
        .getByText(`here ${percentOf(beyond)} of it is beyond both the weights and zero`)
        .waitFor();
      await article(page, "range")
        .getByRole("img", {
          name: `${digits(min)} to ${digits(max)}. The asymmetric range is ${digits(whole.low)} … ${digits(whole.high)}`,
        })
        .waitFor();
    }

    await next(page).click();
    const scale = article(page, "scale");
    for (const symmetric of [false, true]) {
      if (symmetric) await scale.getByRole("radio", { name: "Symmetric", exact: true }).click();
      const { ways } = mechanics({ low: min, high: max, bits: 2, value: 0 });
      const way = ways.find((found) => found.symmetric === symmetric && found.signed === symmetric)!;
      await scale
        .getByText(`from ${digits(way.minCode, 1)} to ${way.maxCode}. The width of a step is the scale, here ${digits(way.scale, 6)}`)
        .waitFor();
      assert.match(await scale.getByRole("list", { name: "The four steps" }).innerText(), symmetric ? /max\(\|/ : / \+ \d+ = /);
    }

    await scale.getByRole("slider", { name: "Value to follow" }).press("End");
    await scale.getByText("it becomes code 1, which").waitFor();

    await next(page).click();
    const rounding = article(page, "rounding");
    await rounding.locator("figure[aria-busy=false]").waitFor();
    for (const bits of [2, 8]) {
      await rounding.getByRole("radio", { name: String(bits), exact: true }).click();
      const line = numberLine(min, max, bits, true);
      await rounding.getByRole("img", { name: `Staircase of ${line.levels.length} levels` }).waitFor();
      await rounding.locator("figure[aria-busy=false]").waitFor();
      const exact = await host.engine.preview({ ...tensor, scheme: `int${bits}-sym-tensor`, bins: 64 }, context);
      const theory = await rounding.locator(".walk-theory .mono").allInnerTexts();
      const written = (value: number): string => (value < 0.001 ? value.toExponential(3).replace("-", "−") : digits(value, 4));
      assert.deepEqual(theory, [`${written(line.scale)} / 3.4641 = ${written(line.evenRmse)}`, written(exact.errors.rmse!)]);
    }
    await rounding.getByRole("button", { name: "Show as table" }).click();
    assert.equal(await rounding.getByRole("region", { name: "Levels" }).locator("tbody tr").count(), 255);
    assert.deepEqual(host.failures, []);
  });

  it("says that a matrix of zeros has no range, in place of figures without numbers", async () => {
    const file = folder("zeros.safetensors");
    writeFileSync(file, writeSafetensors([{ name: "w", dtype: "F32", shape: [64, 64], bytes: new Uint8Array(4 * 64 * 64) }]));
    const message = "there is no range to divide";
    for (const at of ["range", "scale", "rounding", "format"] as const) {
      const host = new LessonSessionHost(file, { ...noProgress, steps: { at, done: [] } });
      host.start = "steps";
      const { page } = await open(host);
      await article(page, at).getByText(message).waitFor();
      assert.doesNotMatch(await article(page, at).innerText(), /NaN/);
    }
    const { page } = await open(new LessonSessionHost(file));
    await page.locator("qs-lesson-number-line").getByText(message).waitFor();
    await page.locator("qs-lesson-distribution .tile").first().waitFor();
    assert.doesNotMatch(await page.locator("main").innerText(), /NaN/);
  });

  it("keeps what has the focus above the bar at the bottom", async () => {
    const { page } = await browser.page(atStep("rounding"), { page: "lesson", width: 700, height: 420 });
    await article(page, "rounding").locator(".tile").first().waitFor();
    const hidden: string[] = [];
    await page.locator("h2").focus();
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press("Tab");
      const found = await page.evaluate(() => {
        const focused = document.activeElement!;
        const bar = document.querySelector(".walk-bar")!;
        if (focused === document.body) return undefined;
        const isCovered = !bar.contains(focused) && focused.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
        return { isCovered, name: focused.textContent?.trim() ?? "", isLast: focused === bar.querySelector("button:last-of-type") };
      });
      if (!found) break;
      if (found.isCovered) hidden.push(found.name);
      if (found.isLast) break;
    }
    assert.deepEqual(hidden, []);
  });

  it("granularity, format: errors as the jobs measure them, and the best type that fits", async () => {
    const host = atStep("granularity");
    const { page } = await open(host);
    const part = article(page, "granularity");
    const table = part.getByRole("table", { name: "Ranges and their errors" });
    await table.waitFor();
    const { tensor } = await measured(host);
    await part.getByRole("radio", { name: "3", exact: true }).click();
    await part.getByText("lm_head.weight, asymmetric 3-bit codes").waitFor();
    const { groups, channel, methods } = await rangeErrors(host.engine, tensor, { bits: 3, symmetric: false }, context);
    assert.deepEqual([groups.length, methods.length], [5, 4]);
    for (const { scheme, bitsPerWeight, relativeRmse } of [...groups, channel!, ...methods]) {
      const cells = await table.locator(`tr[data-scheme="${scheme}"] td`).allInnerTexts();
      assert.deepEqual(cells.slice(1, 3), [bitsPerWeight.toFixed(3), percentOf(relativeRmse!)], scheme);
    }
    const best = methods.slice(1).sort((a, b) => a.relativeRmse! - b.relativeRmse!)[0]!;
    await part.getByText(best.relativeRmse! < methods[0]!.relativeRmse! ? "Here clipping pays" : "Here clipping does not pay").waitFor();

    await next(page).click();
    const format = article(page, "format");
    // The point with the fewest bits, by keys.
    const sentence = format.locator("#format-sentence");
    await sentence.getByText("Q8_0: 8.50 bits per weight").waitFor();
    await format.getByRole("img", { name: /against bits per weight for 8 types/ }).press("Home");
    await page.keyboard.press("Enter");
    await sentence.getByText("Q2_K: 2.63 bits per weight").waitFor();
    await format.getByRole("button", { name: "Show as table" }).click();
    const types = format.getByRole("region", { name: "Types" });
    const errorOf = await schemeErrors(host.engine, tensor, storedTypes, context);
    assert.equal(await types.locator("tbody tr").count(), storedTypes.length);
    await types
      .getByRole("row", { name: /^Q4_K / })
      .getByRole("cell", { name: percentOf(errorOf("Q4_K")!.relativeRmse!), exact: true })
      .waitFor();
    for (const parameters of [7e9, 20e9, 1e12]) {
      await format.getByRole("slider", { name: "Weights of the model" }).press("Enter");
      await format.getByRole("textbox", { name: "Weights of the model" }).fill(String(parameters));
      await page.keyboard.press("Enter");
      const device = deviceFits(parameters).find(({ id }) => id === "rtx-3060")!;
      const fitting = storedTypes
        .filter((type) => device.types.includes(type))
        .sort((a, b) => errorOf(a)!.relativeRmse! - errorOf(b)!.relativeRmse!);
      const size = modelSizes(parameters).find(({ type }) => type === fitting[0]);
      await format
        .getByText(size ? `Its weights take ${(size.bytes / 2 ** 30).toFixed(2)} GiB` : "None of these types fits into 11.4 GiB")
        .waitFor();
    }
    await format.getByRole("combobox", { name: "Device" }).click();
    await format.getByRole("option", { name: "H100: 76 GiB" }).click();
    await format.getByText("None of these types fits into 76 GiB").waitFor();
    assert.deepEqual(host.failures, []);
  });
});
