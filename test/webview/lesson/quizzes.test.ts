import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { makeProblem, type QuizId, quizzesOf } from "../../../src/core/lesson/quiz/quizzes";
import { sectionIds } from "../../../src/core/lesson/sections";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { until } from "../../support/webview/until";
import { WebviewBrowser } from "../../support/webview/webviewPage";

const shown = quizzesOf(sectionIds);
const card = (page: Page, quiz: QuizId) => page.locator(`fieldset:has(input[name=quiz-${quiz}])`);

/** Chooses an answer with the keyboard alone, and gives it. */
async function answer(page: Page, quiz: QuizId, seed: number, option: string): Promise<void> {
  const inputs = card(page, quiz).locator("input");
  const place = makeProblem(quiz, seed).options.findIndex(({ id }) => id === option);
  await inputs.first().focus();
  await page.keyboard.press("Space");
  for (let i = 0; i < place; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}

describe("Lesson: quick checks and certificate", function () {
  this.timeout(60_000);
  const browser = WebviewBrowser.use();
  for (const quiz of shown) {
    it(`${quiz}: a wrong answer is explained, another try is given, by keyboard`, async () => {
      const host = new LessonSessionHost();
      const { page } = await browser.page(host, { page: "lesson" });
      await card(page, quiz).waitFor();
      const wrong = makeProblem(quiz, 0).options.find(({ id }) => id !== "right")!.id;
      await answer(page, quiz, 0, wrong);
      await card(page, quiz).locator(`.opt.wrong[data-option=${wrong}] .why`).waitFor();
      assert.notEqual(await card(page, quiz).locator(".opt.right[data-option=right] .why").innerText(), "");
      await page.locator("[role=status]").filter({ hasText: "Wrong." }).waitFor();
      await until(page, () => document.activeElement?.classList.contains("again"));
      await page.keyboard.press("Enter");
      await card(page, quiz).and(page.locator("[data-seed='1']")).waitFor();
      await answer(page, quiz, 1, "right");
      await page.locator("[role=status]").filter({ hasText: "Right." }).waitFor();
      assert.equal(await card(page, quiz).locator(".opt.wrong").count(), 0);
      await card(page, quiz).getByText("Answered at try 2.").waitFor();
      assert.deepEqual(host.progress.quizzes[quiz], { isRight: true, tries: 2 });
    });
  }

  it("saves the certificate with name, score and date, as SVG and PNG", async () => {
    const quizzes = Object.fromEntries(shown.map((quiz) => [quiz, { isRight: true, tries: 2 }]));
    const host = new LessonSessionHost(undefined, { sections: {}, quizzes });
    const { page } = await browser.page(host, { page: "lesson" });
    const section = page.locator("section[data-section=certificate]");
    await section.getByText("All checks are answered.").waitFor();
    await section.getByRole("button", { name: "Mark as complete" }).click();
    await section.getByRole("textbox", { name: "Your name" }).fill("Ada <b>& Co</b>");
    await section.getByRole("img", { name: `${shown.length} of ${shown.length} checks right, 0 at the first try` }).waitFor();
    await section.getByRole("button", { name: "Save as SVG…" }).click();
    await page.locator("[role=status]").getByText("Saved.", { exact: true }).waitFor();
    await section.getByRole("button", { name: "Save as PNG…" }).click();
    // The second announcement of the same words differs by a space.
    await until(page, () => [...document.querySelectorAll("[role=status]")].some(({ textContent }) => textContent === "Saved.\u00a0"));
    const [svg, png] = host.saved;
    const text = Buffer.from(svg!.content).toString("utf8");
    assert.equal(
      await page.evaluate((xml) => new DOMParser().parseFromString(xml, "image/svg+xml").querySelector("parsererror, b") === null, text),
      true,
    );
    assert.ok(text.includes(`answered ${shown.length} of ${shown.length} checks`));
    assert.ok(text.includes(host.progress.completedAt!.slice(0, 10)));
    assert.deepEqual([...png!.content.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    assert.deepEqual(host.failures, []);
  });
});
