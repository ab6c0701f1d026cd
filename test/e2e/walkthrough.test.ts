import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { at } from "../../scripts/lib/paths.mjs";
import type { Walkthrough } from "../host/walkthroughPage.mjs";
import { ownWindow, pictures } from "./support/ownWindow";
import { stepwise } from "./support/stepwise";

const steps = ["open", "histogram", "quantize", "range", "types", "write"];
const themes = { dark: "Dark Modern", light: "Light Modern", "hc-black": "Dark High Contrast", "hc-light": "Light High Contrast" };

/** The signal to noise ratios that the picture of a step names. */
function sqnrIn(step: string): string[] {
  const svg = readFileSync(at("media", "walkthrough", `${step}.svg`), "utf8");
  return [...svg.matchAll(/SQNR ([\d.]+) dB/g)].map((match) => match[1]!);
}

/** VS Code's own walkthrough, done from its first step to its last. */
describe("the walkthrough", function () {
  this.timeout(300_000);
  stepwise();
  // Wide enough for the steps and, beside them, what they do.
  const window = ownWindow("walkthrough", { size: { width: 1800, height: 1000 } });
  let walkthrough: Walkthrough;

  /** Waits for a step to be checked, and fails if a later one is. */
  async function expectDone(step: string): Promise<void> {
    await walkthrough.checked(step);
    const until = steps.indexOf(step);
    assert.deepEqual(
      await walkthrough.progress(),
      steps.map((id, place) => [id, place <= until]),
    );
  }

  const editor = () => window.workbench.editor();

  it("opens with nothing done", async () => {
    const { workbench } = window;
    await workbench.run("View: Toggle Primary Side Bar Visibility");
    walkthrough = await workbench.openWalkthrough();
    await walkthrough.title.filter({ hasText: "Get Started with Quantscope" }).waitFor();
    assert.deepEqual(
      await walkthrough.progress(),
      steps.map((id) => [id, false]),
    );
  });

  it("opens the sample beside itself", async () => {
    await walkthrough.press("open", "Open Sample Checkpoint");
    await editor().frame.getByRole("heading", { level: 1, name: "model.safetensors" }).waitFor();
    await editor().figure.waitFor();
    await expectDone("open");
  });

  it("shows a histogram", async () => {
    await editor().tab("Metadata").click();
    await walkthrough.press("histogram", "Show the Histogram");
    await editor().figure.waitFor();
    await expectDone("histogram");
  });

  it("quantizes a tensor and shows the error", async () => {
    await walkthrough.press("quantize", "Round to 4 Bits");
    await editor().frame.locator('qs-figure-view .chart-focus[aria-label*="INT4"]').waitFor();
    await editor().frame.locator(".tile", { hasText: "SQNR" }).getByText(sqnrIn("quantize")[0]!).waitFor();
    await expectDone("quantize");
  });

  it("chooses a range, with less of an error", async () => {
    await walkthrough.press("range", "Clip at the Least Squared Error");
    await editor().frame.locator(".tile", { hasText: "SQNR" }).getByText(sqnrIn("range")[1]!).waitFor();
    await expectDone("range");
  });

  it("compares types", async () => {
    await walkthrough.press("types", "Compare Types");
    await editor()
      .frame.getByRole("img", { name: /against bits per weight/ })
      .waitFor();
    await expectDone("types");
  });

  it("writes a file, into the workspace unless told otherwise", async () => {
    const { workbench, page } = window;
    await walkthrough.press("write", "Quantize…");
    for (const label of ["GGUF for llama.cpp", "Q4_K_M", "Plain", "As llama.cpp does"]) {
      await workbench.input.fill(label);
      await workbench.quickInput.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first().click();
    }
    await workbench.quickInput.getByText("File to write").waitFor();
    const target = path.join(window.folder, "model-Q4_K_M.gguf");
    while ((await workbench.input.inputValue()) !== target) await page.waitForTimeout(50);
    await page.keyboard.press("Enter");
    const preflight = workbench.frontPage();
    await preflight.getByRole("button", { name: "Write", exact: true }).click();
    await workbench.toast("model-Q4_K_M.gguf is written");
    assert.ok(existsSync(target));
    await expectDone("write");
  });

  it("is still done after a reload of the window", async () => {
    await window.reload();
    // VS Code brings both back.
    await editor().rows.first().waitFor({ timeout: 90_000 });
    await walkthrough.step("write").waitFor();
    assert.deepEqual(
      await walkthrough.progress(),
      steps.map((id) => [id, true]),
    );
  });

  it("shows its pictures in every theme", async () => {
    const { workbench, page } = window;
    await workbench.run("View: Close All Editors");
    walkthrough = await workbench.openWalkthrough();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.chooseTheme(theme);
      for (const step of steps) {
        await walkthrough.choose(step);
        const picture = page.frameLocator(".gettingStartedContainer iframe.webview").frameLocator("iframe#active-frame").locator("svg");
        await picture.waitFor();
        // Few pictures are kept: of the fourth kind of theme only one.
        if (name === "hc-light" && step !== "range") continue;
        await page.mouse.move(300, 4);
        await page.waitForTimeout(800);
        await page.screenshot({ path: path.join(pictures, `walkthrough-${step}-${name}.png`) });
      }
    }
  });
});
