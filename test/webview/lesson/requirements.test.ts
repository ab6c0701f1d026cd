import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { requirements } from "../../../src/core/lesson/requirements/registry";
import type { Deed, Requirement, ServingPage } from "../../../src/core/lesson/requirements/requirement";
import { sectionIds } from "../../../src/core/lesson/sections";
import { stepIds } from "../../../src/core/lesson/steps";
import { EstimatorSessionHost } from "../../support/webview/estimatorSessionHost";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { PlaygroundSessionHost } from "../../support/webview/playgroundSessionHost";
import { type PageHost, WebviewBrowser } from "../../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample", "model.safetensors");

/** A layer that GPTQ and AWQ can quantize. */
const tensor = "model.layers.1.self_attn.o_proj.weight";
const scheme = "int4-asym-tensor";

const servedBy = (page: ServingPage, when: (served: Requirement["servedBy"]) => boolean = () => true): Requirement[] =>
  requirements.filter((requirement) => requirement.servedBy.page === page && when(requirement.servedBy));

async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name }).click();
}

async function chooseMethod(page: Page, name: string): Promise<void> {
  await page.getByRole("combobox", { name: "Method" }).click();
  await page.getByRole("option", { name }).click();
}

/** What the reader does. */
const deeds: Readonly<Record<Deed, (page: Page, host: PageHost) => Promise<void>>> = {
  chooseAwq: (page) => chooseMethod(page, "AWQ · scales large inputs"),
  chooseGptq: (page) => chooseMethod(page, "GPTQ · makes up for errors"),
  completeLesson: (page) => page.getByRole("button", { name: "Mark as complete" }).click(),
  drawShaped: (page) => page.getByRole("radio", { name: "Shaped" }).click(),
  measurePerplexity: async (_, host) => {
    assert.ok(host instanceof PlaygroundSessionHost);
    await host.measurePerplexity([scheme, "nf4"]);
  },
  openExport: (page) => openMenu(page, "Export…"),
  openLinks: (page) => openMenu(page, "Copy link…"),
  openMethods: (page) => page.getByRole("combobox", { name: "Method" }).click(),
};

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

function deedsOf(all: readonly Requirement[]): readonly Deed[] {
  return [...new Set(all.flatMap(({ servedBy: { after } }) => after ?? []))];
}

/** Fails, naming them, if requirements that need a deed are served without it: then it would prove nothing. */
async function assertHidden(page: Page, wanted: readonly Requirement[]): Promise<void> {
  const early: string[] = [];
  for (const requirement of wanted) if (await findServed(page, requirement).first().isVisible()) early.push(requirement.id);
  assert.deepEqual(early, []);
}

function findServed(page: Page, { servedBy: { section, selector, text } }: Requirement): Locator {
  const place = page.locator(section === undefined ? "body" : `section[data-section=${section}]`);
  return place.locator(selector).filter(text === undefined ? {} : { hasText: text });
}

/** Fails, naming all of them, if requirements are not where their lines say, to be seen, in a section that has the component. */
async function assertServed(page: Page, wanted: readonly Requirement[]): Promise<void> {
  assert.ok(wanted.length > 0);
  const missing: string[] = [];
  for (const requirement of wanted) {
    const { id, servedBy: served } = requirement;
    const { section, component, selector, text } = served;
    const place = page.locator(section === undefined ? "body" : `section[data-section=${section}]`);
    if (component !== undefined && !(await comes(place.locator(component), "attached"))) missing.push(`${id}: ${component}`);
    if (!(await comes(findServed(page, requirement), "visible"))) missing.push(`${id}: ${selector} ${text ?? ""}`);
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
        own.filter((requirement) => requirement.servedBy.after === undefined),
      );
      const atLast = own.filter((requirement) => requirement.servedBy.after !== undefined);
      if (atLast.length > 0) {
        await assertHidden(page, atLast);
        for (const deed of deedsOf(atLast)) await deeds[deed](page, host);
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

  const tools = [
    { name: "playground", page: "playground", makeHost: () => new PlaygroundSessionHost(sample, { tensor, scheme }) },
    { name: "estimator", page: "estimate", makeHost: () => new EstimatorSessionHost() },
  ] as const;
  for (const { name, page: tool, makeHost } of tools) {
    for (const deed of [undefined, ...deedsOf(servedBy(tool))]) {
      it(`${name}: everything is on the built page${deed === undefined ? "" : ` after ${deed}`}`, async () => {
        const host = makeHost();
        const { page } = await browser.page(host, { page: tool });
        const wanted = servedBy(tool, ({ after }) => after === deed);
        if (deed !== undefined) {
          await assertServed(
            page,
            servedBy(tool, ({ after }) => after === undefined),
          );
          await assertHidden(page, wanted);
          await deeds[deed](page, host);
        }
        await assertServed(page, wanted);
        assert.deepEqual(host.failures, []);
      });
    }
  }
});
