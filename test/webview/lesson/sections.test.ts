import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { affineCode, affineRange, affineValue } from "../../../src/core/quant/affineArithmetic";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { WebviewBrowser } from "../../support/webview/webviewPage";

const section = (page: Page, id: string) => page.locator(`section[data-section=${id}]`);
/** A number as the page writes it. */
const numberOf = (text: string): number =>
  Number(
    text
      .replace("−", "-")
      .replace(/,/g, "")
      .replace(/e−?/, (e) => (e === "e" ? "e" : "e-")),
  );

describe("Lesson sections", function () {
  this.timeout(60_000);
  const browser = WebviewBrowser.use();

  async function open(id: string, host = new LessonSessionHost()) {
    const { page } = await browser.page(host, { page: "lesson" });
    return { host, page, part: section(page, id) };
  }

  it("why: 7 billion weights in four formats, in GB and GiB, and another model when the number is changed", async () => {
    const { page, part } = await open("why");
    const cards = part.locator(".size-cards");
    await cards.getByText("28.0 GB = 26.08 GiB").waitFor();
    assert.deepEqual(
      (await cards.locator("div").allInnerTexts()).map((text) =>
        text
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean),
      ),
      [
        ["FP32", "28.0 GB = 26.08 GiB", "32.0 bits per weight"],
        ["INT8", "7.00 GB = 6.52 GiB", "8.00 bits per weight, 4× smaller"],
        ["INT4", "3.50 GB = 3.26 GiB", "4.00 bits per weight, 8× smaller"],
        ["Q4_K", "3.94 GB = 3.67 GiB", "4.50 bits per weight, 7.1× smaller"],
      ],
    );
    const slider = part.getByRole("slider", { name: "Weights of the model" });
    await slider.press("Enter");
    await part.getByRole("textbox", { name: "Weights of the model" }).fill("70e9");
    await page.keyboard.press("Enter");
    await cards.getByText("280 GB = 260.77 GiB").waitFor();
    await part.getByRole("img", { name: /FP32 280 GB = 260.77 GiB, INT8 70.0 GB/ }).waitFor();
    await slider.press("End");
    assert.equal(await slider.getAttribute("aria-valuetext"), "1.0 trillion");
  });

  it("mechanics: the worked example, four ways, and the numbers of another range", async () => {
    const { page, part } = await open("mechanics");
    const steps = part.getByRole("list", { name: "The four steps" });
    await steps.waitFor();
    const text = (await steps.innerText()).replace(/\s+/g, " ");
    for (const expected of [
      "3.1 − (−2.5) = 5.6",
      "5.6 / 255 = 0.0219608",
      "round(2.5 / 0.0219608) = 114",
      "round(0.5 / 0.0219608) + 114 = 137",
    ])
      assert.ok(text.includes(expected), `${expected} in ${text}`);
    assert.ok(text.includes("(137 − 114) × 0.0219608 = 0.505098"), text);
    const rows = async (): Promise<string[][]> =>
      Promise.all((await part.locator(".ways tbody tr").all()).map((row) => row.locator("th, td").allInnerTexts()));
    assert.deepEqual(
      (await rows()).map((row) => row.slice(0, 7)),
      [
        ["Asymmetric, unsigned", "0.0219608", "114", "0", "114", "137", "255"],
        ["Asymmetric, signed", "0.0219608", "−14", "−128", "−14", "9", "127"],
        ["Symmetric, signed", "0.0244094", "0", "−102", "0", "20", "127"],
        ["Symmetric, unsigned", "0.0244094", "128", "26", "128", "148", "255"],
      ],
    );
    await part.getByRole("slider", { name: "Bits of a code" }).press("Home");
    await part.getByRole("slider", { name: "High end of the range" }).press("Shift+ArrowRight");
    await steps.getByText("6.6 / 3 = 2.20000").waitFor();
    const range = affineRange(-2.5, 4.1, 2, false);
    const [first] = await rows();
    assert.deepEqual(first!.slice(2, 7).map(numberOf), [range.zeroPoint, ...[-2.5, 0, 0.5, 4.1].map((x) => affineCode(x, range))]);
    await part.getByRole("img", { name: /^The range from −2.5 to 4.1 in 4 codes/ }).click({ position: { x: 30, y: 60 } });
    await steps.getByText("round(−2.5 / 2.20000)").waitFor();
    assert.equal(await page.locator("[role=alert]").count(), 0);
  });

  it("number line: real weights on the levels of their tensor, with the whole tensor's error", async () => {
    const { page, part, host } = await open("numberLine");
    await part.getByText("over the whole tensor").waitFor();
    const tiles = async (): Promise<string[]> => part.locator(".tile dd:not(.ctx)").allInnerTexts();
    const { content } = host.document;
    assert.ok(content?.kind === "ready");
    const stats = await content.measurements.detail(0, new AbortController().signal);
    const context = { signal: new AbortController().signal, progress: () => undefined };
    for (const bits of [4, 8, 2]) {
      if (bits !== 4)
        await part
          .getByRole("radiogroup", { name: "Bits" })
          .getByRole("radio", { name: String(bits) })
          .click();
      await part.getByRole("img", { name: `Number line with ${2 ** bits} levels.` }).waitFor();
      const range = affineRange(stats.min!, stats.max!, bits, false);
      const exact = await host.engine.preview(
        { checkpoint: content.checkpoint, tensor: 0, scheme: `int${bits}-asym-tensor`, bins: 64 },
        context,
      );
      const [, scale, zeroPoint, , mae] = await tiles();
      assert.equal(numberOf(scale!), Number(range.scale.toPrecision(3)));
      assert.equal(numberOf(zeroPoint!), range.zeroPoint);
      assert.equal(numberOf(mae!), Number(exact.errors.mae!.toPrecision(3)));
    }
    const line = part.getByRole("img", { name: "Number line with 4 levels." });
    await line.focus();
    await page.keyboard.press("Home");
    const { values } = await host.engine.values(
      { checkpoint: content.checkpoint, tensor: 0, row: 1024, rows: 1, column: 0, columns: 48 },
      context,
    );
    const smallest = Math.min(...values.flat().map(Number));
    const range = affineRange(stats.min!, stats.max!, 2, false);
    const decoded = affineValue(affineCode(smallest, range), range);
    const label = (await line.getAttribute("aria-label"))!;
    const found = /levels\. (\S+) becomes code (\d+), which decodes to (\S+): error (\S+),/.exec(label);
    assert.ok(found, label);
    assert.equal(numberOf(found[1]!), Number(smallest.toPrecision(4)));
    assert.equal(Number(found[2]), affineCode(smallest, range));
    assert.equal(numberOf(found[3]!), Number(decoded.toPrecision(4)));
    assert.equal(numberOf(found[4]!), Number(Math.abs(decoded - smallest).toPrecision(3)));
    await page.keyboard.press("Shift+ArrowRight");
    await page.waitForFunction((before) => document.querySelector(".number-line")?.getAttribute("aria-label") !== before, label);
    await part.getByRole("radiogroup", { name: "Range" }).getByRole("radio", { name: "Symmetric", exact: true }).click();
    await part.getByRole("img", { name: "Number line with 3 levels." }).waitFor();
    await part.getByRole("button", { name: "Open lm_head.weight in the editor" }).click();
    await page.waitForFunction(() => true);
    assert.deepEqual(host.opened, [0]);
    assert.deepEqual(host.failures, []);
  });
});
