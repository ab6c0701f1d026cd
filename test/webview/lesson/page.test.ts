import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { sectionIds } from "../../../src/core/lesson/sections";
import { assertAccessible } from "../../support/webview/accessible";
import { LessonSessionHost } from "../../support/webview/lessonSessionHost";
import { themeNames } from "../../support/webview/themes";
import { until } from "../../support/webview/until";
import { WebviewBrowser } from "../../support/webview/webviewPage";

const section = (page: Page, id: string) => page.locator(`section[data-section=${id}]`);

describe("Lesson page", function () {
  this.timeout(60_000);
  const browser = WebviewBrowser.use();

  async function open(host = new LessonSessionHost(), options: { width?: number } = {}) {
    const { page } = await browser.page(host, { page: "lesson", ...options });
    await section(page, "numberLine").getByText("over the whole tensor").waitFor();
    return { host, page };
  }

  it("has every section that the contents list, in order, and says which tensor its figures are about", async () => {
    const { page, host } = await open();
    assert.deepEqual(
      await page.locator("main > section").evaluateAll((all) => all.map((element) => element.getAttribute("data-section"))),
      [...sectionIds],
    );
    const links = await page.getByRole("navigation", { name: "Lesson contents" }).getByRole("link").allInnerTexts();
    assert.deepEqual(
      links.map((text) => text.trim()),
      [...sectionIds],
    );
    await page.getByText("Figures use the sample, LlamaForCausalLM, 4.20 M weights").or(page.locator(".src .pill")).first().waitFor();
    await page.getByRole("button", { name: "Use another checkpoint…" }).click();
    await page.getByRole("button", { name: "Choose a tensor…" }).click();
    assert.deepEqual(host.asked, ["checkpoint", "tensor"]);
    assert.deepEqual(host.failures, []);
  });

  it("keeps what is done, and marks what is scrolled through as read", async () => {
    const { page, host } = await open();
    assert.deepEqual(host.progress.sections, {});
    await page.getByRole("checkbox", { name: "Done with “Why quantization matters”" }).click();
    await page.getByText(`1 of ${sectionIds.length} sections done`).waitFor();
    assert.equal(host.progress.sections.why, "done");
    await section(page, "mechanics").locator(".section-end").scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 200);
    await page.locator(".tk.read").first().waitFor();
    assert.equal(host.progress.sections.mechanics, "read");
    await page.getByRole("checkbox", { name: "Done with “Why quantization matters”" }).click();
    await page.locator(".tk.done").waitFor({ state: "detached" });
    assert.equal(host.progress.sections.why, undefined);
  });

  it("shows the section it was opened at, and goes where the contents and the host say", async () => {
    const host = new LessonSessionHost();
    host.start = "numberLine";
    const { page } = await open(host);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await until(page, () => document.activeElement?.id === "heading-numberLine");
    await page.getByRole("navigation").getByRole("link", { name: "mechanics" }).click();
    assert.equal(await focused(), "heading-mechanics");
    host.session!.openPlace("why");
    await until(page, () => document.activeElement?.id === "heading-why");
  });

  it("keeps checkpoint and tensor for when VS Code brings it back", async () => {
    const host = new LessonSessionHost();
    host.tensor = "model.layers.0.mlp.down_proj.weight";
    const { page } = await open(host);
    const stored = JSON.parse((await page.evaluate(() => sessionStorage.getItem("vscode-state"))) ?? "{}") as unknown;
    const choices = { parameters: 7e9, device: "rtx-3060", bits: 4, symmetric: false };
    assert.deepEqual(stored, { uri: host.document.uri, tensor: host.tensor, choices });
    host.tensor = "lm_head.weight";
    host.session!.subjectChanged();
    await section(page, "numberLine").getByRole("heading", { name: "lm_head.weight, INT4 per tensor" }).waitFor();
  });

  for (const theme of themeNames) {
    it(`is accessible: ${theme}`, async () => {
      const host = new LessonSessionHost();
      const view = await browser.page(host, { page: "lesson", theme });
      await section(view.page, "numberLine").getByText("over the whole tensor").waitFor();
      await assertAccessible(view.page, theme);
    });
  }

  it("loses no text in a narrow window", async () => {
    const { page } = await open(new LessonSessionHost(), { width: 480 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} px wider than the window`);
  });
});
