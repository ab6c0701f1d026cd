import assert from "node:assert/strict";
import { temporaryFolder } from "../support/temporaryFolder";
import { longTemplate, writeBlockCheckpoint } from "../support/webview/blockCheckpoint";
import { EditorLocators } from "../support/webview/locators";
import { SessionPageHost } from "../support/webview/sessionHost";
import { WebviewBrowser } from "../support/webview/webviewPage";

describe("metadata tab", () => {
  const browser = WebviewBrowser.use();
  const folder = temporaryFolder();

  async function open() {
    const file = folder("blocks.gguf");
    writeBlockCheckpoint(file);
    const host = new SessionPageHost(file);
    const { page } = await browser.page(host);
    await new EditorLocators(page).tab("Metadata").click();
    const grid = page.getByRole("treegrid", { name: "Metadata" });
    const row = (key: string) => grid.locator(".metadata-row").filter({ has: page.locator(`[title="${key}"]`) });
    await row("general.name").waitFor();
    return { host, page, grid, row };
  }

  it("lists keys with type and value, as text", async () => {
    const { row } = await open();
    assert.deepEqual(
      (await row("general.name").getByRole("gridcell").allTextContents()).map((text) => text.trim()),
      ["general.name", "string", "<b>blocks</b>"],
    );
    assert.match((await row("tokenizer.ggml.tokens").textContent()) ?? "", /1,234 items\s+token 0, token 1/);
  });

  it("searches keys and values", async () => {
    const { page, grid } = await open();
    await page.getByRole("textbox", { name: "Search metadata" }).fill("LLAMA");
    await page.getByText("2 of 5").first().waitFor();
    assert.equal(await grid.locator(".metadata-row[data-index]").count(), 2);
    await page.getByRole("textbox", { name: "Search metadata" }).fill("no such thing");
    await page.getByText("Nothing matches “no such thing”.").waitFor();
  });

  it("opens long arrays in pages", async () => {
    const { page, row, host } = await open();
    await row("tokenizer.ggml.tokens").click();
    const list = page.getByRole("list", { name: "Elements of tokenizer.ggml.tokens" });
    await page.getByText("first 100 of 1,234").waitFor();
    assert.equal(await list.getByRole("listitem").count(), 100);
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("100 to 199 of 1,234").waitFor();
    assert.match((await list.getByRole("listitem").first().textContent()) ?? "", /^100token 100$/);
    await page.getByRole("textbox", { name: "Go to index of tokenizer.ggml.tokens" }).fill("1230");
    await page.keyboard.press("Enter");
    await page.getByText("1,230 to 1,233 of 1,234").waitFor();
    assert.equal(await page.getByRole("button", { name: "Next page" }).isDisabled(), true);
    await page.getByRole("button", { name: "Copy page" }).click();
    await page.waitForTimeout(50);
    assert.deepEqual(host.copied, ["token 1230\ntoken 1231\ntoken 1232\ntoken 1233"]);
    await page.getByRole("button", { name: "Previous page" }).click();
    await page.getByText("1,130 to 1,229 of 1,234").waitFor();
  });

  it("shows and copies the whole of a long text", async () => {
    const { page, row, host } = await open();
    await row("tokenizer.chat_template").click();
    const text = page.getByRole("region", { name: "tokenizer.chat_template" });
    assert.equal(await text.textContent(), longTemplate);
    await row("tokenizer.chat_template").hover();
    await page.getByRole("button", { name: "Copy value of tokenizer.chat_template" }).click();
    await page.getByText("Copied.").waitFor({ state: "attached" });
    assert.deepEqual(host.copied, [longTemplate]);
  });

  it("works with the keyboard, all rows in one tab stop", async () => {
    const { page, row, host } = await open();
    assert.equal(await page.locator(".metadata-row[tabindex='0']").count(), 1);
    await row("general.architecture").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+c");
    await page.getByText("Copied.").waitFor({ state: "attached" });
    assert.deepEqual(host.copied, ["<b>blocks</b>"]);
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    assert.equal(await row("tokenizer.ggml.tokens").getAttribute("aria-expanded"), "true");
    await page.getByText("first 100 of 1,234").waitFor();
    await page.keyboard.press("ArrowLeft");
    assert.equal(await row("tokenizer.ggml.tokens").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    assert.equal(await row("general.architecture").getAttribute("aria-expanded"), null);
  });
});
