import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { certificateSize } from "../../src/core/lesson/certificate";
import { quizIds } from "../../src/core/lesson/quiz/quizzes";
import { ownWindow } from "./support/ownWindow";
import { stepwise } from "./support/stepwise";

const reader = "Ada Lovelace & <b>Söhne</b>";
const longDate = new Intl.DateTimeFormat("en", { dateStyle: "long" });

/** The end of the lesson: a certificate of what was really answered, as files on the disk. */
describe("the certificate", function () {
  this.timeout(240_000);
  stepwise();
  const window = ownWindow("certificate");
  let began = new Date();
  const shown = () => window.workbench.frontPage();
  const section = () => shown().locator("section[data-section=certificate]");
  const card = (quiz: string) => shown().locator(`fieldset:has(input[name=quiz-${quiz}])`);

  async function answer(quiz: string, option: string): Promise<void> {
    await card(quiz).locator(`.opt[data-option=${option}]`).click();
    await card(quiz).getByRole("button", { name: "Check answer" }).click();
  }

  /** Presses a button that saves, and waits for what the dialog proposes. */
  async function ask(button: string, proposed: string): Promise<void> {
    const { page, workbench } = window;
    await section().getByRole("button", { name: button }).click();
    // The dialog proposes it a while after it has opened.
    await workbench.input.waitFor();
    while ((await workbench.input.inputValue()) !== proposed) await page.waitForTimeout(50);
  }

  /** @param end with which the whole file ends: the disk may show a part of it before */
  async function save(button: string, name: string, end: string): Promise<Buffer> {
    const file = path.join(window.folder, name);
    await ask(button, file);
    await window.page.keyboard.press("Enter");
    while (!existsSync(file) || !readFileSync(file).subarray(-12).includes(end)) await window.page.waitForTimeout(50);
    await shown().locator("[role=status]").filter({ hasText: "Saved." }).first().waitFor({ state: "attached" });
    return readFileSync(file);
  }

  it("is there when the lesson is marked as complete, all checks having been answered", async () => {
    await window.workbench.run("Quantscope: Open Lesson");
    await section().getByText("Checks are still open in:").waitFor();
    // One at the second try.
    const [first, ...others] = quizIds;
    await answer(first!, "half");
    await card(first!).getByRole("button", { name: "Try again" }).click();
    await card(first!).and(shown().locator("[data-seed='1']")).waitFor();
    await answer(first!, "right");
    await card(first!).getByText("Answered at try 2.").waitFor();
    for (const quiz of others) {
      await answer(quiz, "right");
      await card(quiz).getByText("Answered at the first try.").waitFor();
    }
    await section().getByText("All checks are answered.").waitFor();
    assert.equal(await section().getByRole("button", { name: "Save as SVG…" }).count(), 0);
    began = new Date();
    await section().getByRole("button", { name: "Mark as complete" }).click();
    await section().getByRole("textbox", { name: "Your name" }).fill(reader);
    const [count, atFirst] = [quizIds.length, quizIds.length - 1];
    const name = `Certificate of ${reader}: ${count} of ${count} checks right, ${atFirst} at the first try`;
    await section().getByRole("img", { name, exact: true }).waitFor();
  });

  it("writes nothing when the dialog is dismissed", async () => {
    const file = path.join(window.folder, "quantscope-certificate.svg");
    await ask("Save as SVG…", file);
    await window.page.keyboard.press("Escape");
    await window.workbench.quickInput.waitFor({ state: "hidden" });
    assert.equal(existsSync(file), false);
  });

  it("is saved as SVG into the workspace, with name, date and score, and nothing that could run", async () => {
    const svg = (await save("Save as SVG…", "quantscope-certificate.svg", "</svg>")).toString("utf8");
    const read = await window.page.evaluate((xml) => {
      const parsed = new DOMParser().parseFromString(xml, "image/svg+xml");
      const elements = [...parsed.querySelectorAll("*")];
      return {
        isWellFormed: parsed.querySelector("parsererror") === null,
        root: parsed.documentElement.namespaceURI,
        names: [...new Set(elements.map((element) => element.localName))].sort(),
        attributes: [...new Set(elements.flatMap((element) => element.getAttributeNames()))],
        texts: [...parsed.querySelectorAll("text")].map((element) => element.textContent),
      };
    }, svg);
    assert.equal(read.isWellFormed, true);
    assert.equal(read.root, "http://www.w3.org/2000/svg");
    assert.deepEqual(read.names, ["path", "rect", "svg", "text"]);
    assert.deepEqual(
      read.attributes.filter((name) => /^on|href|style/i.test(name)),
      [],
    );
    const [count, atFirst] = [quizIds.length, quizIds.length - 1];
    const dates = [began, new Date()].map((date) => longDate.format(date));
    const date = read.texts.find((text) => dates.includes(text));
    assert.ok(date !== undefined, `${dates.join(" or ")} in ${read.texts.join(" | ")}`);
    assert.deepEqual(read.texts, [
      "Quantscope",
      "This records that",
      reader,
      `worked through the lesson “Quantization, on real weights” and answered ${count} of ${count} checks.`,
      ...[`${count} of ${count}`, "Checks right", String(atFirst), "At the first try", date, "Completed"],
      "It certifies this and nothing more: it is not an examination, and nobody has verified it.",
    ]);
  });

  it("is saved as PNG, at twice the size for print", async () => {
    const png = await save("Save as PNG…", "quantscope-certificate.png", "IEND");
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.equal(png.toString("latin1", 12, 16), "IHDR");
    const { width, height } = certificateSize;
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height]);
    // White paper alone takes a few kilobytes.
    assert.ok(png.length > 20_000, `${png.length} bytes`);
  });
});
