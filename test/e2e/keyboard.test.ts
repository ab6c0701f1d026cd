import assert from "node:assert/strict";
import { sampleFolder } from "./support/sampleModel";
import { openWindow, pictureFailures, type TestWindow } from "./support/window";

/** Everything here is done without a pointer. */
describe("the sample checkpoint by keyboard alone", function () {
  this.timeout(180_000);
  let window: TestWindow;
  before(async () => {
    window = await openWindow(sampleFolder);
  });
  after(() => window?.close());
  pictureFailures(() => window);

  it("opens it, finds a tensor, changes its quantization and reads a value", async () => {
    const { page, workbench } = window;
    const { keyboard } = page;
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await keyboard.press(key);
    };
    await workbench.palette("Quantscope: Open Sample Checkpoint", 10_000);
    await press("Enter");
    const editor = workbench.editor();
    await editor.rows.first().waitFor({ timeout: 60_000 });
    /** Presses Tab until the focus is where it is looked for; a page without a way there fails. */
    const tabTo = async (what: string, selector: string): Promise<void> => {
      const frame = await workbench.editorFrame();
      for (let presses = 0; presses < 40; presses++) {
        const reached = await frame.evaluate((wanted) => document.hasFocus() && document.activeElement?.closest(wanted), selector);
        if (reached) return;
        await keyboard.press("Tab");
      }
      throw new Error(`40 presses of Tab did not reach ${what}`);
    };

    await tabTo("the filter", "[aria-label='Filter tensors']");
    await keyboard.type("layers.1 gate");
    await editor.status.getByText("1 of 39 tensors").waitFor();
    await press("ArrowDown", "End", "Enter");
    await editor.title.filter({ hasText: "model.layers.1.mlp.gate_proj.weight" }).waitFor();

    await tabTo("the tabs", "[role=tab]");
    await press("ArrowRight");
    await editor.values.waitFor();
    await tabTo("the values", "[role=grid]");
    await press("ArrowDown", "ArrowDown", "ArrowRight");
    assert.equal(await editor.values.getAttribute("aria-activedescendant"), "value-2-1");

    await press("Shift+Tab");
    await tabToBackwards();
    await press("ArrowLeft");
    await tabTo("the type of quantization", "vscode-dropdown");
    await press("Home");
    await editor.frame.getByRole("radiogroup", { name: "Bits" }).waitFor();
    await tabTo("the number of bits", "[role=radiogroup][aria-label=Bits]");
    await press("Home");
    await editor.figure.filter({ has: page.locator("canvas") }).waitFor();
    await tabTo("the figure", ".chart-focus");
    await press("ArrowRight");
    await editor.frame.locator(".chart-tip").waitFor();
    await press("Escape");
    assert.equal(await editor.frame.locator(".chart-tip").count(), 0);

    async function tabToBackwards(): Promise<void> {
      const frame = await workbench.editorFrame();
      for (let presses = 0; presses < 40; presses++) {
        if (await frame.evaluate(() => document.activeElement?.matches("[role=tab]"))) return;
        await keyboard.press("Shift+Tab");
      }
      throw new Error("40 presses of Shift+Tab did not reach the tabs");
    }
  });
});
