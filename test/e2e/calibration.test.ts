import assert from "node:assert/strict";
import path from "node:path";
import { expectAccessible } from "./support/axe";
import { ownWindow, pictures } from "./support/ownWindow";
import { copySample } from "./support/sampleModel";
import { takeSampleText } from "./support/sampleText";

/** *Calibrate…* as a user goes through it. */
describe("calibrating", function () {
  this.timeout(300_000);
  const window = ownWindow("calibrate", { fill: copySample, size: { width: 1360, height: 1100 } });

  it("asks for a text, runs the model on it, and shows what enters its layers and what a threshold costs", async () => {
    const { workbench, page } = window;
    await workbench.openCheckpoint("model.safetensors");
    await workbench.run("View: Toggle Primary Side Bar Visibility");
    await workbench.run("Quantscope: Calibrate…");
    await takeSampleText(workbench, { samples: 8, tokens: 128 });

    const frame = page.frameLocator("iframe.webview.ready:visible").frameLocator("iframe#active-frame");
    await frame.getByText("16 inputs measured").waitFor({ timeout: 120_000 });
    await frame.getByText("Running the model").waitFor({ state: "detached" });
    await frame.getByRole("row").filter({ hasText: "ONNX Runtime" }).getByText("≈").waitFor({ timeout: 60_000 });
    const slider = frame.getByRole("slider", { name: "Clipping threshold" });
    await slider.focus();
    for (let press = 0; press < 10; press++) await slider.press("PageDown");
    const yours = frame.getByRole("row").filter({ hasText: "Yours" });
    await yours.getByText("≈").waitFor();
    const clipped = await yours.getByRole("cell").nth(3).innerText();
    assert.ok(Number(clipped.replaceAll(",", "")) > 0, clipped);
    await expectAccessible(await workbench.editorFrame(), "Calibration");
    await page.mouse.move(300, 4);
    await page.waitForTimeout(600);
    await page.screenshot({ path: path.join(pictures, "calibration-dark.png"), caret: "hide" });
  });
});
