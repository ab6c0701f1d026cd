// Page object of the workbench.
import { CheckpointEditor } from "./checkpointEditor.mjs";
import { Walkthrough } from "./walkthroughPage.mjs";

/** How long a fresh window may take to know the extension's contributions, on a busy computer. */
const startLimitMs = 90_000;

/** A page of the extension: VS Code has webviews of its own, such as the pictures of a walkthrough. */
const ownWebview = 'iframe.webview.ready[src*="extensionId=quantscope."]:visible';

/** The window of VS Code. Selectors were checked on 1.100 and 1.139. */
export class Workbench {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    this.quickInput = page.locator(".quick-input-widget");
    this.input = this.quickInput.locator("input.input");
    /** Rows of a quick pick. */
    this.picks = this.quickInput.locator(".quick-input-list .monaco-list-row");
    this.statusBar = page.locator(".part.statusbar");
    this.dialog = page.locator(".monaco-dialog-box");
  }

  /** Waits until the explorer or an editor group is there. */
  async ready() {
    const first = this.page
      .locator(".monaco-workbench .explorer-folders-view .monaco-list-row, .monaco-workbench .editor-group-container")
      .first();
    await first.waitFor({ timeout: startLimitMs });
  }

  /**
   * Opens the command palette with a title typed and returns its row, or undefined if there is none after `waitMs`.
   * @param {string} title as the palette shows it: `Category: Command`
   */
  async palette(title, waitMs = 1500) {
    for (let tries = 1; ; tries++) {
      await this.page.keyboard.press("F1");
      // An editor that gets the focus late, as after a change of the theme, closes it again.
      const isTyped = await this.input.fill(`>${title}`, { timeout: 1500 }).then(
        () => true,
        () => false,
      );
      if (isTyped) break;
      if (tries === 20) throw new Error("the command palette did not open");
    }
    // By label: text alone also finds the rows of similar commands.
    const row = this.quickInput.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
    return row.waitFor({ timeout: waitMs }).then(
      () => row,
      () => undefined,
    );
  }

  /** Runs a command of the palette, which is filled only when it opens: one that is not there yet is looked for again. @param {string} title */
  async run(title) {
    const row = await this.contributed(title);
    await row.click();
  }

  /** Waits until a command of the extension is known: contributions arrive after the explorer is usable. @param {string} title */
  async extensionReady(title) {
    await this.contributed(title);
    await this.page.keyboard.press("Escape");
  }

  /** The row of a command in the open palette. @param {string} title */
  async contributed(title) {
    for (const start = Date.now(); ;) {
      const row = await this.palette(title);
      if (row) return row;
      await this.page.keyboard.press("Escape");
      if (Date.now() - start > startLimitMs) throw new Error(`"${title}" never came to the palette`);
      await this.page.waitForTimeout(250);
    }
  }

  /**
   * Waits until extensions can run, without starting ours: by an extension of VS Code itself, whose command asks for an address.
   * The window is usable before, and drops what a link wants to start then (`activateByEvent` of an immediate kind).
   */
  async hostReady() {
    await this.run("Simple Browser: Show");
    await this.quickInput.getByText("Enter url to visit").waitFor({ timeout: startLimitMs });
    await this.page.keyboard.press("Escape");
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** Chooses a colour theme by its name in the list. @param {string} name */
  async chooseTheme(name) {
    await this.run("Preferences: Color Theme");
    await this.input.fill(name);
    await this.picks.filter({ hasText: name }).first().click();
  }

  /** A row of the explorer. @param {string} name */
  explorerRow(name) {
    return this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first();
  }

  /**
   * Opens a file by a double click in the explorer and returns its editor. On a fresh profile the registry of custom editors can lag
   * behind that of commands; the file then opens as text, so it is closed and opened again.
   * @param {string} name
   */
  async openCheckpoint(name) {
    for (let tries = 1; ; tries++) {
      await this.explorerRow(name).dblclick();
      const editor = this.editor();
      const isCustom = await editor.frame
        .getByRole("heading", { level: 1, name })
        .waitFor({ timeout: 8000 })
        .then(
          () => true,
          () => false,
        );
      if (isCustom) return editor;
      if (tries === 8) throw new Error(`no custom editor opened for ${name}`);
      await this.run("View: Close All Editors");
    }
  }

  /** The tab of an editor, by its whole title. @param {string} name */
  tab(name) {
    return this.page.locator(".tabs-container .tab", { has: this.page.getByText(name, { exact: true }) });
  }

  /**
   * Opens the Errors page of the active checkpoint, or brings it to the front, and waits until everything is measured.
   * @param {string} name of the checkpoint
   */
  async showErrors(name) {
    const tab = this.tab(`Errors: ${name}`);
    if ((await tab.count()) > 0) await tab.click();
    else await this.run("Quantscope: Compare Quantization Types");
    const frame = this.frontPage();
    await frame.getByText("all values, exact").waitFor({ timeout: 120_000 });
    return frame;
  }

  /** Brings an open editor to the front. @param {string} name */
  async showEditor(name) {
    await this.tab(name).click();
    const editor = this.editor();
    await editor.frame.getByRole("heading", { level: 1, name }).waitFor();
    return editor;
  }

  /** The document of the extension's page in front. */
  frontPage() {
    return this.page.frameLocator(ownWebview).frameLocator("iframe#active-frame");
  }

  /** The checkpoint editor in front. Hidden ones keep their frames, so only a visible one counts. */
  editor() {
    return new CheckpointEditor(this.frontPage());
  }

  /**
   * Waits for a notification. One that does not come is explained by those that are there.
   * @param {string} text @param {number} timeout milliseconds, for what the disk has to finish first
   */
  async toast(text, timeout = 120_000) {
    const toasts = this.page.locator(".notification-toast");
    const toast = toasts.filter({ hasText: text });
    await toast.waitFor({ timeout }).catch(async (error) => {
      throw new Error(`no notification says "${text}"; there are: ${JSON.stringify(await toasts.allInnerTexts())}`, { cause: error });
    });
    return toast;
  }

  /** Opens the extension's walkthrough, or brings it to the front. */
  async openWalkthrough() {
    await this.run("Quantscope: Open Walkthrough");
    const walkthrough = new Walkthrough(this.page);
    await walkthrough.focused();
    return walkthrough;
  }

  /** The document inside the editor in front, to run code in. */
  async editorFrame() {
    const outer = await this.page.locator(ownWebview).elementHandle();
    const inner = await (await outer?.contentFrame())?.waitForSelector("iframe#active-frame", { state: "attached" });
    const frame = await inner?.contentFrame();
    if (!frame) throw new Error("no editor is in front");
    return frame;
  }
}
