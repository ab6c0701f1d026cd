import assert from "node:assert/strict";
import path from "node:path";
import { editorProtocol, type TypesReport } from "../../src/protocol/editor";
import { EditorLocators } from "../support/webview/locators";
import { figuresOf } from "../support/webview/scriptedErrorsHost";
import { type Answers, ScriptedPageHost } from "../support/webview/scriptedHost";
import { SessionPageHost } from "../support/webview/sessionHost";
import { readyResult, syntheticAnswers, syntheticRows, syntheticSnapshot } from "../support/webview/syntheticCheckpoint";
import { until } from "../support/webview/until";
import { WebviewBrowser } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");
const rows = syntheticRows(14);

/** Two types, of which `Q4_K` has this error. */
function reportOf(error: number, share = 1): TypesReport {
  return {
    share,
    types: {
      Q8_0: figuresOf(0.005, { bitsPerWeight: 8.5 }),
      Q4_K: figuresOf(error),
      "int4-sym-channel": figuresOf(0.3, { bitsPerWeight: 5 }),
    },
  };
}

describe("Types tab", () => {
  const browser = WebviewBrowser.use();

  async function open(types: Answers["types"]) {
    const host = new ScriptedPageHost(() => readyResult(syntheticSnapshot(rows)), {
      ...syntheticAnswers(rows),
      types,
      save: () => true,
      copy: () => undefined,
    });
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.tab("Types").click();
    const table = page.getByRole("region", { name: "Types", exact: true });
    const line = (name: string) =>
      table
        .getByRole("row")
        .filter({ has: page.getByRole("rowheader", { name }) })
        .locator("td")
        .allInnerTexts();
    return { host, page, at, table, line };
  }

  it("compares every type that fits on a tensor of the sample, measured by the real engine", async () => {
    const host = new SessionPageHost(sample);
    const { page } = await browser.page(host);
    const at = new EditorLocators(page);
    await at.tab("Types").click();
    await page.getByRole("img", { name: /^relative RMSE against bits per weight for \d+ types/ }).waitFor();
    await page.locator(".pill").waitFor({ state: "detached" });
    await at.button("Show as table").click();
    const types = await page.getByRole("region", { name: "Types", exact: true }).getByRole("rowheader").allInnerTexts();
    assert.equal(new Set(types).size, types.length, "no two are called the same");
    for (const name of ["Q4_K", "IQ4_XS", "INT4 g128", "INT8 sym. per channel", "FP8 E4M3"]) assert.ok(types.includes(name), name);
    // Without an importance matrix these cannot be made, and these quantize nothing.
    for (const name of ["IQ2_XS", "IQ1_S", "F32", "BF16"]) assert.ok(!types.includes(name), name);
    assert.deepEqual(host.failures, []);
  });

  it("shows figures from a sample at once, and exact ones when they come", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { host, page, at, line } = await open(async () => {
      await gate;
      return reportOf(0.072);
    });
    await page.getByText("Measuring every type on this tensor.").waitFor();
    const { tensor } = host.params("types")[0]!;
    await host.connection.sendNotification(editorProtocol.typesSampled, { tensor: tensor + 1, report: reportOf(0.5) });
    await host.connection.sendNotification(editorProtocol.typesSampled, { tensor, report: reportOf(0.08, 0.25) });
    await page.getByText("sampled 25.0 %").waitFor();
    await at.button("Show as table").click();
    assert.deepEqual(await line("Q4_K"), ["4.50", "8.0 %", "yes"]);
    release();
    await page.getByText("sampled 25.0 %").waitFor({ state: "detached" });
    assert.deepEqual(await line("Q4_K"), ["4.50", "7.2 %", "yes"]);
    assert.deepEqual(await line("INT4 sym. per channel"), ["5.00", "30.0 %", ""]);
  });

  it("withdraws what it no longer wants: another tensor, or another tab", async () => {
    const withdrawn: number[] = [];
    const { host, page, at } = await open(({ tensor }, signal) => {
      signal.addEventListener("abort", () => withdrawn.push(tensor));
      return new Promise(() => undefined);
    });
    await page.getByText("Measuring every type on this tensor.").waitFor();
    await at.row(rows[8]!.name).click();
    await until(page, () => document.querySelector(".detail-head")?.textContent?.includes("q_proj"));
    await at.tab("Values").click();
    for (let turn = 0; turn < 50 && withdrawn.length < 2; turn++) await page.waitForTimeout(20);
    assert.deepEqual(
      withdrawn,
      host.params("types").map(({ tensor }) => tensor),
    );
    assert.equal(withdrawn[1], 8);
  });

  it("makes a type that is entered the one of the histogram", async () => {
    const { page, at, host } = await open(() => reportOf(0.07));
    const chart = page.getByRole("img", { name: /for 3 types; 2 are on the Pareto front/ });
    await chart.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await at.tab("Histogram").click();
    await at.figure.waitFor();
    assert.equal(host.params("preview").at(-1)?.scheme, "Q8_0");
  });

  it("exports what it shows", async () => {
    const { page, at, host } = await open(() => reportOf(0.07));
    for (const item of ["Save as PNG…", "Save as CSV…", "Copy as CSV"]) {
      await at.button("Export figure").click();
      await page.getByRole("menuitem", { name: item }).click();
    }
    await until(page, () => document.querySelector("[aria-live=polite].sr")?.textContent?.includes("Copied."));
    const [png, csv] = host.params("save");
    assert.ok(png?.dataUrl?.startsWith("data:image/png;base64,"));
    const lines = csv!.text!.trim().split("\n");
    assert.equal(lines[0], "type,bitsPerWeight,bytes,relativeRmse,rmse,mae,maxError,sqnrDb,within5,cosine");
    assert.equal(lines[2]?.split(",").slice(0, 4).join(), "Q4_K,4.5,100,0.07");
    assert.deepEqual(host.params("copy"), [{ text: csv!.text }]);
  });

  it("says that there is nothing to compare where no type has an error", async () => {
    const none = figuresOf(0.1, { rmse: null, relativeRmse: null });
    const { page } = await open(() => ({ share: 1, types: { Q8_0: none, Q4_K: none } }));
    await page.getByText("There is nothing to compare: no type has an error that is a number here.").waitFor();
  });

  it("says what went wrong", async () => {
    const { page } = await open(() => Promise.reject(new Error("the disk is gone")));
    await page.getByRole("group", { name: "The types could not be compared" }).waitFor();
  });
});
