import assert from "node:assert/strict";
import path from "node:path";
import type { FrameLocator, Locator } from "playwright-core";
import { rightOption } from "../../src/core/lesson/quiz/quizzes";
import { sectionIds } from "../../src/core/lesson/sections";
import { stepIds } from "../../src/core/lesson/steps";
import { expectAccessible } from "./support/axe";
import { ownWindow, pictures } from "./support/ownWindow";
import { copySample } from "./support/sampleModel";
import { takeSampleText } from "./support/sampleText";
import { themes } from "./support/themes";

/** Themes in which every section is pictured: one of each kind, so that the pictures stay few. */
const sectionThemes: readonly string[] = ["dark", "light", "hc-black"];

/** The pages that teach: what is done survives, and they look right in every kind of theme. */
describe("learning", function () {
  this.timeout(240_000);
  const window = ownWindow("learn", { fill: copySample, size: { width: 1500, height: 1100 } });
  const shown = () => window.page.frameLocator("iframe.webview.ready:visible").frameLocator("iframe#active-frame");

  it("keeps what is done of the lesson when the window is loaded again, and brings its page back", async () => {
    await window.workbench.run("Quantscope: Open Lesson");
    await shown().getByText("0 of 10 sections done").waitFor();
    await shown().getByRole("checkbox", { name: "Done with “Why quantization matters”" }).click();
    await shown().getByText("1 of 10 sections done").waitFor();
    await window.reload();
    await shown().getByText("1 of 10 sections done").waitFor({ timeout: 60_000 });
    assert.equal(await shown().getByRole("checkbox", { name: "Done with “Why quantization matters”" }).isChecked(), true);
  });

  it("shows what GPTQ does to a layer on inputs that were kept apart", async () => {
    const { page, workbench } = window;
    await workbench.openCheckpoint("model.safetensors");
    await workbench.run("View: Toggle Primary Side Bar Visibility");
    await workbench.run("Quantscope: Explore GPTQ…");
    await takeSampleText(workbench, { samples: 64, tokens: 128 });
    await shown().getByRole("region", { name: "Figures" }).waitFor({ timeout: 120_000 });
    await shown().getByRole("progressbar").waitFor({ state: "detached", timeout: 120_000 });
    await page.mouse.move(300, 4);
    await page.waitForTimeout(600);
    await page.screenshot({ path: path.join(pictures, "gptq-dark.png"), caret: "hide" });
  });

  for (const [theme, name, kind] of themes) {
    it(`${theme}: no finding of axe, and pictures`, async () => {
      const { page, workbench } = window;
      await workbench.chooseTheme(theme);
      for (const [command, what, ready] of [
        ["Open Lesson", "lesson", () => shown().getByText("28.0 GB = 26.08 GiB")],
        ["Open Playground", "playground", () => shown().getByText("types of fixed width")],
        ["Open Size Estimator", "estimator", () => shown().getByRole("heading", { level: 1 })],
      ] as const) {
        await workbench.run(`Quantscope: ${command}`);
        await shown().locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
        await ready().first().waitFor();
        await page.mouse.move(300, 4);
        await page.waitForTimeout(1500);
        await page.screenshot({ path: path.join(pictures, `${what}-${name}.png`), caret: "hide" });
        await expectAccessible(await workbench.editorFrame(), `${what} in ${theme}`);
      }
    });

    if (!sectionThemes.includes(name)) continue;
    it(`${theme}: every section and step of the lesson, with all of its figures`, async () => {
      const { page, workbench } = window;
      await page.setViewportSize({ width: 1400, height: 900 });
      await workbench.run("Quantscope: Open Lesson");
      await shown().locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
      for (const id of sectionIds) {
        const section = shown().locator(`section[data-section=${id}]`);
        if (id === "certificate") {
          if ((await section.getByText("Checks are still open in").count()) > 0) await answerAll(shown());
          await makeCertificate(section);
        }
        await section.evaluate(showComplete);
        await page.mouse.move(300, 4);
        await page.waitForTimeout(400);
        await page.screenshot({ path: path.join(pictures, `lesson-${id}-${name}.png`), caret: "hide" });
        assert.equal(await section.locator("[role=alert]").count(), 0);
      }
      await shown().getByRole("button", { name: "Step by step" }).first().click();
      for (const [place, id] of stepIds.entries()) {
        await shown().locator(".walk-step").nth(place).click();
        const step = shown().locator(`article[data-step=${id}]`);
        await step.evaluate(showComplete);
        await page.mouse.move(300, 4);
        await page.waitForTimeout(400);
        await page.screenshot({ path: path.join(pictures, `step-${id}-${name}.png`), caret: "hide" });
        assert.equal(await step.locator("[role=alert]").count(), 0);
      }
      await shown().getByRole("button", { name: "Back to the lesson" }).click();
      // The next picture of the page is of its beginning.
      await shown()
        .locator("main")
        .evaluate((main) => main.scrollIntoView());
      await page.setViewportSize({ width: 1500, height: 1100 });
    });
  }
});

/** Answers all checks, each at the first try. */
async function answerAll(lesson: FrameLocator): Promise<void> {
  for (const check of await lesson.locator("qs-quiz").all()) {
    await check.locator(`.opt[data-option="${rightOption}"]`).click();
    await check.getByRole("button", { name: "Check answer" }).click();
    await check.locator(".opt.right").waitFor();
  }
}

/** The lesson marked as complete, and a name on its certificate. */
async function makeCertificate(section: Locator): Promise<void> {
  const complete = section.getByRole("button", { name: "Mark as complete" });
  if ((await complete.count()) > 0) await complete.click();
  await section.locator(".certificate input").fill("Ada Lovelace");
  await section.getByRole("img", { name: /^Certificate of Ada Lovelace: (\d+) of \1 checks right, \1 at the first try$/ }).waitFor();
}

/** Runs in the page: scrolls a section to the top, and waits until each of its figures has its answer. */
async function showComplete(section: Element): Promise<void> {
  section.scrollIntoView();
  while (section.querySelector(".bar, [aria-busy=true]")) await new Promise((resolve) => setTimeout(resolve, 100));
  // What has arrived may have moved it.
  section.scrollIntoView();
}
