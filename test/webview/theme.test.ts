import assert from "node:assert/strict";
import path from "node:path";
import { EditorLocators } from "../support/webview/locators";
import { SessionPageHost } from "../support/webview/sessionHost";
import { themeNames } from "../support/webview/themes";
import { WebviewBrowser, type WebviewPage } from "../support/webview/webviewPage";

const sample = path.join(__dirname, "..", "..", "media", "sample", "model.safetensors");

/** The colours that cover most of a canvas, most first. */
function mainColors(webview: WebviewPage, selector: string): Promise<string[]> {
  return webview.page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const counts = new Map<string, number>();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] !== 255) continue;
      const color = `${data[at]},${data[at + 1]},${data[at + 2]}`;
      counts.set(color, (counts.get(color) ?? 0) + 1);
    }
    return [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 5)
      .map(([color]) => color);
  });
}

describe("themes", () => {
  const browser = WebviewBrowser.use();

  it("change in the open page, canvases included", async () => {
    const webview = await browser.page(new SessionPageHost(sample));
    const { page } = webview;
    await new EditorLocators(page).figure.waitFor();
    await page.waitForTimeout(300);
    const seen = new Set<string>();
    for (const name of themeNames) {
      await webview.setTheme(name);
      await page.waitForTimeout(200);
      const [fill] = await mainColors(webview, ".counts-canvas");
      assert.ok(fill, name);
      seen.add(fill);
    }
    assert.equal(seen.size, themeNames.length, "the filled histogram has the colour of each theme");
  });

  it("stay where the system forces its colours: VS Code's high contrast is drawn, in canvases, keys and text", async () => {
    const webview = await browser.page(new SessionPageHost(sample), { theme: "hc-black" });
    const { page } = webview;
    await new EditorLocators(page).figure.waitFor();
    await page.waitForTimeout(300);
    const plain = await mainColors(webview, ".counts-canvas");
    await page.emulateMedia({ forcedColors: "active" });
    await page.reload();
    await new EditorLocators(page).figure.waitFor();
    await page.waitForTimeout(300);
    assert.deepEqual(await mainColors(webview, ".counts-canvas"), plain);
    assert.equal(await page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(0, 0, 0)");
  });

  it("reach the controls of the toolkit", async () => {
    const webview = await browser.page(new SessionPageHost(sample));
    const background = (): Promise<string> =>
      webview.page
        .locator("vscode-dropdown")
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    await webview.page.locator("vscode-dropdown").first().waitFor();
    const dark = await background();
    await webview.setTheme("light-modern");
    await webview.page.waitForTimeout(200);
    assert.notEqual(await background(), dark);
    await webview.setTheme("hc-black");
    await webview.page.waitForTimeout(200);
    assert.match(await background(), /rgba?\(0, 0, 0/);
  });

  it("take away movement where less is wanted", async () => {
    const webview = await browser.page(new SessionPageHost(sample), { reducedMotion: true });
    const fast = await webview.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--qs-slow").trim());
    assert.match(fast, /^0m?s$/);
    const animation = await webview.page.evaluate(() => {
      const bar = document.createElement("div");
      bar.className = "bar waiting";
      const line = document.createElement("i");
      bar.append(line);
      document.body.append(bar);
      return getComputedStyle(line).animationName;
    });
    assert.equal(animation, "none");
  });
});
