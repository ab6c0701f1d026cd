import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { affineCode, affineRange, affineValue } from "../../../src/core/quant/affineArithmetic";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { until } from "../../support/webview/until";
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
    await part.getByRole("textbox", { name: "Weights of the model" }).fill("70B");
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
    await until(page, (before) => document.querySelector(".number-line")?.getAttribute("aria-label") !== before, label);
    await part.getByRole("radiogroup", { name: "Range" }).getByRole("radio", { name: "Symmetric", exact: true }).click();
    await part.getByRole("img", { name: "Number line with 3 levels." }).waitFor();
    await part.getByRole("button", { name: "Open lm_head.weight in the editor" }).click();
    await until(page, () => true);
    assert.deepEqual(host.opened, [0]);
    assert.deepEqual(host.failures, []);
  });

  it("distribution: figures of the whole tensor at each number of bits, as the engine measures them", async () => {
    const { part, host } = await open("distribution");
    for (const bits of [4, 3]) {
      await part
        .getByRole("radiogroup", { name: "Bits" })
        .getByRole("radio", { name: String(bits) })
        .click();
      await part.locator("figure[aria-busy=false]").waitFor();
      const { content } = host.document;
      assert.ok(content?.kind === "ready");
      const exact = await host.engine.preview(
        { checkpoint: content.checkpoint, tensor: 0, scheme: `int${bits}-asym-tensor`, bins: 256 },
        { signal: new AbortController().signal, progress: () => undefined },
      );
      const tiles = await part.locator(".tile dd:not(.ctx)").allInnerTexts();
      assert.equal(numberOf(tiles[0]!), Number(exact.errors.mae!.toPrecision(3)));
      assert.equal(numberOf(tiles[1]!), Number(exact.errors.rmse!.toPrecision(3)));
      assert.match(tiles[3]!, new RegExp(`^${(exact.errors.within5! * 100).toFixed(1)}\\s*%$`));
      const cells = await part
        .getByRole("row", { name: /^Minimum/ })
        .getByRole("cell")
        .allInnerTexts();
      assert.equal(numberOf(cells[0]!), Number(exact.beforeFigures.min!.toPrecision(3)));
      assert.equal(numberOf(cells[1]!), Number(exact.afterFigures.min!.toPrecision(3)));
      await part.getByText(`clumps on ${2 ** bits} levels`).waitFor();
    }
    await part.getByRole("img", { name: /^Histogram of 524,288 weights .* After INT3/ }).waitFor();
    await part.getByRole("button", { name: "Show as table" }).click();
    await part.getByRole("img", { name: /^Histogram/ }).waitFor({ state: "detached" });
  });

  it("impact: sizes with the overhead of each format, over the whole slider, and a measurement that says what it is", async () => {
    const { part, host } = await open("impact");
    const rowOf = async (type: string): Promise<string[]> =>
      part
        .getByRole("row", { name: new RegExp(`^${type} `) })
        .getByRole("cell")
        .allInnerTexts();
    await part.getByRole("row", { name: /^FP32 / }).waitFor();
    assert.deepEqual((await rowOf("FP16")).slice(0, 5), ["16.00", "14.0 GB", "13.04 GiB", "50.0 %", "2.0×"]);
    assert.deepEqual((await rowOf("INT8")).slice(0, 5), ["8.00", "7.00 GB", "6.52 GiB", "25.0 %", "4.0×"]);
    assert.deepEqual((await rowOf("INT4")).slice(0, 5), ["4.00", "3.50 GB", "3.26 GiB", "12.5 %", "8.0×"]);
    assert.deepEqual((await rowOf("Q4_K")).slice(0, 2), ["4.50", "3.94 GB"]);
    assert.deepEqual((await rowOf("NF4 dq")).slice(0, 1), ["4.13"]);
    const slider = part.getByRole("slider", { name: "Weights of the model, logarithmic" });
    await slider.press("Home");
    await part.getByRole("cell", { name: "400 MB" }).waitFor();
    await slider.press("End");
    await part.getByRole("cell", { name: "4.00 TB" }).waitFor();
    assert.equal(await slider.getAttribute("aria-valuetext"), "1.0 trillion");
    await part.getByRole("button", { name: "Measure" }).click();
    const table = part.getByRole("table", { name: "Products of lm_head.weight with a vector" });
    await table.waitFor();
    assert.equal(
      (
        await table
          .getByRole("row", { name: /^float32/ })
          .getByRole("cell")
          .allInnerTexts()
      )[0],
      "2.10 MB",
    );
    assert.equal((await table.getByRole("row", { name: /^INT8/ }).getByRole("cell").allInnerTexts())[0], "532 kB");
    await part.getByText("INT8 moves 3.94× fewer bytes").waitFor();
    assert.deepEqual(host.failures, []);
  });

  it("takeaways: each tool with what became of it", async () => {
    const { part } = await open("takeaways");
    const table = part.getByRole("table", { name: "Resources" });
    assert.deepEqual(await table.getByRole("rowheader").allInnerTexts(), ["AutoGPTQ", "AutoAWQ", "bitsandbytes", "Ollama"]);
    assert.equal(await table.getByText("Retired").count(), 2);
  });
});
