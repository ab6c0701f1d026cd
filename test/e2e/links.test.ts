import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sampleFolder } from "./support/sampleModel";
import { openWindow, pictureFailures, type TestWindow } from "./support/window";

/** Links such as a mail holds, made by the page and followed as VS Code follows them: it asks first, and starts the extension for them. */
describe("links from outside", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), "quantscope-links-"));
  let window: TestWindow;
  let link = "";
  const shown = () => window.workbench.frontPage();
  const chosen = () => shown().getByRole("slider", { name: "Bits" });

  /** Lets VS Code open a link and says yes to its question. */
  async function follow(address: string): Promise<void> {
    const { page, workbench } = window;
    await workbench.run("Developer: Open URL");
    await workbench.quickInput.getByText("URL to open").waitFor();
    await workbench.input.fill(address);
    await page.keyboard.press("Enter");
    await workbench.dialog.getByText("Allow 'Quantscope' extension to open this URI?").waitFor();
    await workbench.dialog.getByRole("button", { name: "Open" }).click();
  }

  /** The same with another state. */
  function changed(patch: object): string {
    const url = new URL(link);
    const state = JSON.parse(Buffer.from(url.searchParams.get("state")!, "base64url").toString()) as object;
    url.searchParams.set("state", Buffer.from(JSON.stringify({ ...state, ...patch })).toString("base64url"));
    return url.href;
  }

  before(async () => {
    cpSync(sampleFolder, folder, { recursive: true });
    window = await openWindow(folder);
    await window.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  });
  after(async () => {
    await window?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  pictureFailures(() => window);

  it("are copied from the playground", async () => {
    const { page, workbench } = window;
    await workbench.openCheckpoint("model.safetensors");
    await workbench.run("Quantscope: Open Playground");
    await chosen().focus();
    await page.keyboard.press("ArrowLeft");
    await shown().getByText("INT3 · symmetric, per channel").first().waitFor();
    await shown().getByRole("button", { name: "Copy link…" }).click();
    await shown().getByRole("menuitem", { name: "For browsers and mails" }).click();
    await shown().getByText("The link is copied.").waitFor({ state: "attached" });
    link = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /^[a-z-]+:\/\/quantscope\.quantscope\/playground\?state=[\w-]+$/);
  });

  it("open the playground with what was chosen, in a window in which the extension does nothing yet", async () => {
    const { workbench } = window;
    await workbench.run("View: Close All Editors");
    await window.reload();
    await workbench.hostReady();
    await follow(link);
    await workbench.tab("Playground: model.safetensors").waitFor();
    await shown().getByText("INT3 · symmetric, per channel").first().waitFor();
    assert.equal(await chosen().inputValue(), "3");
  });

  it("change what an open playground shows", async () => {
    await follow(changed({ data: "shaped", scheme: "int6-g64", shaped: { distribution: "laplace" } }));
    await shown().getByText("INT6 · asymmetric, groups of 64").first().waitFor();
    assert.equal(await chosen().inputValue(), "6");
    assert.equal(await shown().getByRole("radio", { name: "Shaped" }).getAttribute("aria-checked"), "true");
    assert.equal(await window.workbench.tab("Playground: model.safetensors").count(), 1);
  });

  it("open the lesson at a section", async () => {
    await follow(link.replace(/playground.*/, "lesson?section=distribution"));
    await shown().locator("#heading-distribution:focus").waitFor();
  });

  it("open no checkpoint from elsewhere", async () => {
    await follow(changed({ checkpoint: "file:///etc/model.safetensors" }));
    await window.workbench.toast("The link is about a checkpoint that is not in this workspace");
  });
});
