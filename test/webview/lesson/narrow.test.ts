import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { noProgress } from "../../../src/core/lesson/progress";
import { sectionIds } from "../../../src/core/lesson/sections";
import { stepIds } from "../../../src/core/lesson/steps";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { assertAccessible } from "../../support/webview/accessible";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { WebviewBrowser } from "../../support/webview/webviewPage";

/** Half of a window of 960 pixels, as at 200 % zoom. */
const width = 480;
/** Of text in figures, in pixels. */
const leastText = 10;

/** Texts of drawings that are smaller than may be, or that reach out of the page. */
function unreadable(page: Page): Promise<string[]> {
  return page.locator("svg[viewBox] text").evaluateAll(
    (texts, { least, most }) =>
      texts.flatMap((text) => {
        const svg = text.closest("svg")!;
        const size = (Number.parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width) / svg.viewBox.baseVal.width;
        const { left, right } = text.getBoundingClientRect();
        const faults = [size < least ? `${size.toFixed(1)} px` : "", left < 0 || right > most ? "outside" : ""].filter(Boolean);
        return faults.length > 0 ? [`${text.textContent.trim()}: ${faults.join(", ")}`] : [];
      }),
    { least: leastText, most: width },
  );
}

/** Pairs of labels of a drawing that run into each other, and labels outside of it. */
function crowded(page: Page, drawing: string): Promise<string[]> {
  return page.locator(drawing).evaluate((svg) => {
    const frame = svg.getBoundingClientRect();
    const labels = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent.trim(), box: text.getBoundingClientRect() }));
    const outside = labels
      .filter(({ box }) => box.left < frame.left - 8 || box.right > frame.right + 8)
      .map(({ text }) => `${text} outside`);
    const pairs = labels.flatMap((a, i) =>
      labels
        .slice(i + 1)
        .filter(({ box }) => box.left < a.box.right && a.box.left < box.right && box.top < a.box.bottom - 4 && a.box.top < box.bottom - 4)
        .map(({ text }) => `${a.text} / ${text}`),
    );
    return [...outside, ...pairs];
  });
}

/** Pixels by which the page is wider than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe("Lesson in a narrow window", function () {
  this.timeout(120_000);
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  it("draws its figures for the width instead of shrinking their text", async () => {
    const { page } = await browser.page(new LessonSessionHost(), { page: "lesson", width });
    for (const id of sectionIds) {
      const part = page.locator(`section[data-section=${id}]`);
      await part.scrollIntoViewIfNeeded();
      await part.locator(".bar").first().waitFor({ state: "detached" });
    }
    await page.locator("qs-awq-figure svg.awq-bars").waitFor();
    assert.deepEqual(await unreadable(page), []);
    assert.equal(await overflow(page), 0);
    await assertAccessible(page, "the lesson at 480 pixels");
  });

  it("has the squares of each format above its size", async () => {
    const { page } = await browser.page(new LessonSessionHost(), { page: "lesson", width });
    const part = page.locator("section[data-section=why]");
    await part.locator(".size-cards").waitFor();
    const names = await part.locator(".size-cards dt").evaluateAll((all) => all.map((name) => name.getBoundingClientRect().left));
    const squares = await part.locator("svg rect").evaluateAll((all) => all.map((square) => square.getBoundingClientRect().left));
    assert.equal(names.length, 4);
    for (const [place, left] of names.entries()) {
      const own = squares.filter((x) => x >= left - 1 && x < (names[place + 1] ?? Infinity) - 1);
      assert.ok(Math.abs(Math.min(...own) - left) < 1, `squares of column ${place} begin at ${Math.min(...own)}, its name at ${left}`);
    }
  });

  it("draws the steps' figures for the width, too", async () => {
    for (const at of stepIds) {
      const host = new LessonSessionHost(undefined, { ...noProgress, steps: { at, done: [] } });
      host.start = "steps";
      const { page } = await browser.page(host, { page: "lesson", width });
      await page.locator(`article[data-step=${at}] figure :is(svg.chart, canvas)`).first().waitFor();
      assert.deepEqual(await unreadable(page), [], at);
      assert.equal(await overflow(page), 0, at);
      await assertAccessible(page, at);
    }
  });

  it("keeps labels apart and dots inside where all weights lie close together, far from zero or beside an outlier", async () => {
    for (const [name, weight] of [
      ["far", (i: number) => 5 + 0.1 * Math.sin(i)],
      ["outlier", (i: number) => (i === 7 ? 9 : 0.01 * Math.sin(i))],
    ] as const) {
      const file = folder(`${name}.safetensors`);
      const bytes = new Uint8Array(Float32Array.from({ length: 64 * 64 }, (_, i) => weight(i)).buffer);
      writeFileSync(file, writeSafetensors([{ name: "w", dtype: "F32", shape: [64, 64], bytes }]));
      for (const pixels of [width, 1400]) {
        const { page } = await browser.page(new LessonSessionHost(file), { page: "lesson", width: pixels });
        await page.locator("svg.number-line circle.weight").first().waitFor();
        const above = await page.locator("svg.number-line").evaluate((svg) => {
          const { top } = svg.getBoundingClientRect();
          return [...svg.querySelectorAll("circle.weight")].filter((dot) => dot.getBoundingClientRect().top < top).length;
        });
        assert.equal(above, 0, `${name}: dots above the number line at ${pixels} pixels`);
        const host = new LessonSessionHost(file, { ...noProgress, steps: { at: "range", done: [] } });
        host.start = "steps";
        const steps = await browser.page(host, { page: "lesson", width: pixels });
        await steps.page.locator("article figure svg.chart").waitFor();
        assert.deepEqual(await crowded(steps.page, "article figure svg.chart"), [], `${name} at ${pixels} pixels`);
      }
    }
  });

  it("draws again when the window becomes wider", async () => {
    const { page } = await browser.page(new LessonSessionHost(), { page: "lesson", width });
    const line = page.locator("svg.number-line");
    await line.waitFor();
    assert.equal(await line.getAttribute("width"), "440");
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.locator('svg.number-line[width="860"]').waitFor();
  });
});

describe("Lesson: the rulers of the mechanics", function () {
  this.timeout(60_000);
  const browser = WebviewBrowser.use();

  for (const width of [1400, 480]) {
    it(`has no labels over each other at the ends of the range, ${width} pixels wide`, async () => {
      const { page } = await browser.page(new LessonSessionHost(), { page: "lesson", width });
      const part = page.locator("qs-lesson-mechanics");
      await part.locator("svg.chart").waitFor();
      const put = async (name: string, value: string): Promise<void> => {
        await part.getByRole("slider", { name }).press("Enter");
        await part.getByRole("textbox", { name }).fill(value);
        await page.keyboard.press("Enter");
      };
      for (const [low, high, value] of [
        ["-2.5", "3.1", "3.1"],
        ["-2.5", "3.1", "-2.5"],
        ["-2.5", "3.1", "-2.4"],
        ["0", "3.1", "0"],
        ["0", "3.1", "1.5"],
        ["-2.5", "0", "-0.1"],
        ["-100", "100", "99.9"],
        ["-0.1", "0.1", "5"],
      ] as const) {
        await put("Low end of the range", low);
        await put("High end of the range", high);
        await put("Value to follow", value);
        await part
          .locator("ol.steps li")
          .nth(2)
          .getByText(`round(${value.replace("-", "−")} / `)
          .waitFor();
        assert.deepEqual(await crowded(page, "qs-lesson-mechanics svg.chart"), [], `${value} in ${low} to ${high}`);
      }
    });
  }
});
