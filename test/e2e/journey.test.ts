import assert from "node:assert/strict";
import type { CheckpointEditor } from "../host/checkpointEditor.mjs";
import { largestMagnitude, sampleFolder, sampleTensors } from "./support/sampleModel";
import { stepwise } from "./support/stepwise";
import { openWindow, pictureFailures, type TestWindow } from "./support/window";

/** One user, one window: every step starts where the one before ended. */
describe("a journey through the sample checkpoint", function () {
  this.timeout(120_000);
  stepwise();
  const tensors = sampleTensors();
  const names = tensors.map(({ name }) => name);
  const downProj = "model.layers.2.mlp.down_proj.weight";
  let window: TestWindow;
  let editor: CheckpointEditor;
  before(async () => {
    window = await openWindow(sampleFolder);
  });
  after(() => window?.close());
  pictureFailures(() => window);

  it("opens the file by a double click and shows what it is", async () => {
    editor = await window.workbench.openCheckpoint("model.safetensors");
    await editor.rows.first().waitFor();
    const heading = editor.frame.getByRole("heading", { level: 1 });
    assert.equal(await heading.textContent(), "model.safetensors");
    const facts = await editor.frame.locator(".facts-strip li").allTextContents();
    const weights = tensors.reduce((sum, { values }) => sum + values.length, 0);
    assert.ok(facts.includes("Llama"), facts.join());
    assert.ok(facts.includes(`${weights.toLocaleString("en")} weights`), facts.join());
    assert.ok(facts.includes("BF16"), facts.join());
    assert.match((await window.workbench.statusBar.textContent()) ?? "", /Llama.*16\.0 bits\/weight/);
  });

  it("lists every tensor, in the order of the file", async () => {
    await editor.choice("View", "List").click();
    assert.equal(await editor.rowCount(), tensors.length);
    assert.deepEqual(await editor.names(8), names.slice(0, 8));
  });

  it("sorts by name up and down", async () => {
    const sorted = [...names].sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
    await editor.header("Name").click();
    assert.deepEqual(await editor.names(6), sorted.slice(0, 6));
    assert.equal(await editor.header("Name").getAttribute("aria-sort"), "ascending");
    await editor.header("Name").click();
    assert.deepEqual(await editor.names(6), [...sorted].reverse().slice(0, 6));
    await editor.header("Name").click();
    assert.deepEqual(await editor.names(6), names.slice(0, 6));
  });

  it("scans from the command palette and sorts by what it found", async () => {
    assert.doesNotMatch((await editor.status.textContent()) ?? "", /all scanned/);
    await window.workbench.run("Quantscope: Scan");
    await editor.status.getByText("all scanned").waitFor({ timeout: 60_000 });
    assert.ok((await editor.rows.locator("svg.spark").count()) > 0, "no sparkline is drawn");
    await editor.header("Range").click();
    const byMagnitude = [...tensors].sort((one, other) => largestMagnitude(other) - largestMagnitude(one)).map(({ name }) => name);
    assert.deepEqual(await editor.names(4), byMagnitude.slice(0, 4));
  });

  it("filters by a part of the name", async () => {
    await editor.filter.fill("layers.*down");
    await editor.status.getByText("4 of 39 tensors").waitFor();
    const shown = await editor.names(10);
    assert.deepEqual([...shown].sort(), names.filter((name) => name.includes("down_proj")).sort());
  });

  it("shows what quantization does, and less of it with more bits", async () => {
    await editor.row(downProj).click();
    await editor.figure.waitFor();
    await editor.choose("Quantize to", "Affine integer");
    const noise: number[] = [];
    for (const bits of [3, 8]) {
      await editor.choice("Bits", String(bits)).click();
      await editor.frame.locator(`qs-figure-view .chart-focus[aria-label*="INT${bits}"]`).waitFor();
      noise.push(Number.parseFloat(await editor.tile("SQNR")));
    }
    const [few = NaN, many = NaN] = noise;
    // Each bit halves the step: 6.02 dB.
    assert.ok(Math.abs(many - few - 5 * 6.02) < 2, `${few} dB with 3 bits, ${many} dB with 8`);
  });

  it("shows the real values of the matrix", async () => {
    await editor.tab("Values").click();
    const { values, shape } = tensors.find(({ name }) => name === downProj)!;
    const columns = shape[1]!;
    for (const [row, column] of [
      [0, 0],
      [1, 2],
      [shape[0]! - 1, columns - 1],
    ] as const) {
      await editor.frame.locator(".go-to input").fill(`${row}, ${column}`);
      await editor.frame.locator(".go-to input").press("Enter");
      const cell = editor.frame.locator(`#value-${row}-${column}`);
      await cell.filter({ hasText: /\d/ }).waitFor();
      const text = ((await cell.textContent()) ?? "").trim().replace("−", "-");
      const decimals = text.split(".")[1]?.length ?? 0;
      assert.ok(decimals >= 3, text);
      assert.equal(text, values[row * columns + column]!.toFixed(decimals));
    }
  });

  it("shows the metadata", async () => {
    await editor.tab("Metadata").click();
    const grid = editor.frame.getByRole("treegrid", { name: "Metadata" });
    await grid.getByRole("row").filter({ hasText: "format" }).first().waitFor();
  });

  it("finds itself again after a reload of the window", async () => {
    await editor.tab("Histogram").click();
    await window.page.waitForTimeout(1500);
    await window.reload();
    editor = window.workbench.editor();
    await editor.rows.first().waitFor({ timeout: 90_000 });
    assert.equal(await editor.filter.inputValue(), "layers.*down");
    assert.equal(await editor.choice("View", "List").getAttribute("aria-checked"), "true");
    assert.equal(await editor.header("Range").getAttribute("aria-sort"), "descending");
    assert.equal((await editor.title.textContent())?.trim(), downProj);
    await editor.frame.locator('qs-figure-view .chart-focus[aria-label*="INT8"]').waitFor();
    await editor.status.getByText("4 of 39 tensors, all scanned").waitFor();
  });

  it("estimates sizes while one types", async () => {
    const { workbench } = window;
    await editor.filter.fill("");
    await workbench.run("Quantscope: Estimate Size");
    await workbench.input.fill("7B");
    const row = (label: string) =>
      workbench.picks.filter({ has: window.page.locator(".label-name", { hasText: new RegExp(`^${label}$`) }) }).first();
    await row("FP32").filter({ hasText: "28.0 GB" }).waitFor();
    await row("INT8").filter({ hasText: "7.00 GB" }).waitFor();
    await row("INT4").filter({ hasText: "3.50 GB" }).waitFor();
    await window.page.keyboard.press("Escape");
  });
});
