import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { requirements } from "../../../src/core/lesson/requirements/registry";
import type { Requirement, ServingPage } from "../../../src/core/lesson/requirements/requirement";
import { sectionIds } from "../../../src/core/lesson/sections";
import { stepIds } from "../../../src/core/lesson/steps";
import { EstimatorSessionHost } from "../../support/webview/estimatorSessionHost";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { PlaygroundSessionHost } from "../../support/webview/playgroundSessionHost";
import { WebviewBrowser } from "../../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample", "model.safetensors");

const servedBy = (page: ServingPage, when: (served: Requirement["servedBy"]) => boolean = () => true): Requirement[] =>
  requirements.filter((requirement) => requirement.servedBy.page === page && when(requirement.servedBy));

/** Whether something comes to be in the page within a while. */
function comes(found: Locator, state: "attached" | "visible"): Promise<boolean> {
  return found
    .first()
    .waitFor({ state, timeout: 20_000 })
    .then(
      () => true,
      () => false,
    );
}

/** Fails, naming all of them, if requirements are not where their lines say, to be seen, in a section that has the component. */
async function assertServed(page: Page, wanted: readonly Requirement[]): Promise<void> {
  assert.ok(wanted.length > 0);
  const missing: string[] = [];
  for (const { id, servedBy: served } of wanted) {
    const { section, component, selector, text } = served;
    const place = page.locator(section === undefined ? "body" : `section[data-section=${section}]`);
    if (component !== undefined && !(await comes(place.locator(component), "attached"))) missing.push(`${id}: ${component}`);
    const found = place.locator(selector).filter(text === undefined ? {} : { hasText: text });
    if (!(await comes(found, "visible"))) missing.push(`${id}: ${selector} ${text ?? ""}`);
  }
  assert.deepEqual(missing, []);
}

describe("Requirements of the lesson", function () {
  this.timeout(180_000);
  const browser = WebviewBrowser.use();

  it("page: what is around the sections", async () => {
    const { page } = await browser.page(new LessonSessionHost(), { page: "lesson" });
    await assertServed(
      page,
      servedBy("lesson", ({ section, step }) => section === undefined && step === undefined),
    );
  });

  for (const section of sectionIds) {
    it(`${section}: everything is on the built page`, async () => {
      const host = new LessonSessionHost();
      const { page } = await browser.page(host, { page: "lesson" });
      const part = page.locator(`section[data-section=${section}]`);
      await part.scrollIntoViewIfNeeded();
      const own = servedBy("lesson", (served) => served.section === section);
      await assertServed(
        page,
        own.filter((requirement) => !requirement.servedBy.whenComplete),
      );
      const atLast = own.filter((requirement) => requirement.servedBy.whenComplete);
      if (atLast.length > 0) {
        await part.getByRole("button", { name: "Mark as complete" }).click();
        await assertServed(page, atLast);
      }
      // Checks beyond those that are required would have no line.
      assert.equal(await part.locator("qs-quiz").count(), own.filter(({ kind }) => kind === "quiz").length);
      assert.deepEqual(host.failures, []);
    });
  }

  it("walkthrough: everything is at its step on the built page", async () => {
    const host = new LessonSessionHost();
    const { page } = await browser.page(host, { page: "lesson" });
    await page.locator("nav.toc").getByRole("button", { name: "Step by step" }).click();
    for (const id of stepIds) {
      await page.locator(`article[data-step=${id}]`).waitFor();
      await assertServed(
        page,
        servedBy("lesson", ({ step }) => step === id),
      );
      if (id !== stepIds.at(-1)) await page.locator(".walk-bar").getByRole("button", { name: /^Next/ }).click();
    }
    assert.deepEqual(host.failures, []);
  });

  it("playground: everything is on the built page", async () => {
    const host = new PlaygroundSessionHost(sample, { scheme: "int4-asym-tensor" });
    const { page } = await browser.page(host, { page: "playground" });
    await assertServed(page, servedBy("playground"));
    assert.deepEqual(host.failures, []);
  });

  it("estimator: everything is on the built page", async () => {
    const host = new EstimatorSessionHost();
    const { page } = await browser.page(host, { page: "estimate" });
    await assertServed(page, servedBy("estimate"));
    assert.deepEqual(host.failures, []);
  });
});
