import assert from "node:assert/strict";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Message } from "vscode-jsonrpc";
import type { PageName } from "../../../src/extension/editor/pageDocument";
import { PageServer } from "./pageServer";
import { applyTheme, readTheme, type ThemeName } from "./themes";

/** The extension's side of a page: gets its messages, and posts to it once attached. */
export interface PageHost {
  /** A page was loaded: what was said to one before is over. */
  attach(post: (message: Message) => Promise<void>): void;
  receive(message: Message): void;
  dispose(): void | Promise<void>;
}

export interface OpenOptions {
  /** Which page; the editor unless told otherwise. */
  page?: PageName;
  theme?: ThemeName;
  width?: number;
  height?: number;
  reducedMotion?: boolean;
  /** What VS Code holds back for the page until it is loaded for the first time. */
  heldBack?: Message;
}

/** Chromium and the server of the built pages, for the tests of one `describe`. */
export class WebviewBrowser {
  private browser!: Browser;
  private server!: PageServer;
  private readonly open: WebviewPage[] = [];

  /** Call inside `describe`: starts before its tests, closes pages after each and everything after all. */
  static use(): WebviewBrowser {
    const browser = new WebviewBrowser();
    before(async () => {
      browser.server = await PageServer.start();
      browser.browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      });
    });
    afterEach(() => browser.closePages());
    after(async () => {
      await browser.browser.close();
      await browser.server.stop();
    });
    return browser;
  }

  /** Opens a page in a window of its own; resolves when the page shows something. */
  async page(host: PageHost, options: OpenOptions = {}): Promise<WebviewPage> {
    const { width = 1400, height = 900, reducedMotion = false, theme = "dark-modern", heldBack } = options;
    const context = await this.browser.newContext({
      viewport: { width, height },
      reducedMotion: reducedMotion ? "reduce" : "no-preference",
      locale: "en-US",
    });
    const page = await WebviewPage.create(context, `${this.server.url}${options.page ?? "editor"}`, host, theme, heldBack);
    this.open.push(page);
    return page;
  }

  /** Closes the pages of a test; it failed if one of them complained. */
  private async closePages(): Promise<void> {
    const pages = this.open.splice(0);
    for (const page of pages) await page.close();
    assert.deepEqual(
      pages.flatMap((page) => page.problems),
      [],
      "the page had errors or was refused something by its content security policy",
    );
  }
}

/** One page in the browser, with everything around it that VS Code would give. */
export class WebviewPage {
  /** Refusals of the content security policy, uncaught errors, and errors written to the console. */
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly url: string,
    readonly host: PageHost,
  ) {}

  static async create(
    context: BrowserContext,
    url: string,
    host: PageHost,
    theme: ThemeName,
    heldBack: Message | undefined,
  ): Promise<WebviewPage> {
    const page = await context.newPage();
    const webview = new WebviewPage(page, context, url, host);
    page.on("pageerror", (error) => webview.problems.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") webview.problems.push(`console: ${message.text()}`);
    });
    await page.exposeFunction("postToHost", (message: Message) => host.receive(message));
    // The compiler of the tests wraps functions in a helper that the page does not have.
    await page.addInitScript("globalThis.__name ??= (wrapped) => wrapped;");
    await page.addInitScript(installVsCode);
    await page.addInitScript(
      `window.addEventListener("DOMContentLoaded", () => (${applyTheme.toString()})(${JSON.stringify(readTheme(theme))}));`,
    );
    if (heldBack) await page.addInitScript(postHeldBack, heldBack);
    await webview.load();
    return webview;
  }

  /** Loads the page anew, as VS Code does when it shows a hidden editor again. What it stored is still there. */
  async load(): Promise<void> {
    this.host.attach(async (message) => {
      // As text: Playwright takes long to copy large objects.
      const text = JSON.stringify(message);
      await this.page.evaluate(postText, text).catch(() => undefined);
    });
    await this.page.goto(this.url);
    await this.page.locator("main:not(.loading)").first().waitFor();
  }

  async setTheme(name: ThemeName): Promise<void> {
    await this.page.evaluate(applyTheme, readTheme(name));
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.host.dispose();
  }
}

/** Runs in the page: posts a message to it as the extension does, which sends large ones as bytes. */
function postText(json: string): void {
  window.postMessage(json.length < 1 << 16 ? JSON.parse(json) : new TextEncoder().encode(json).buffer, "*");
}

/** Runs in the page before its scripts: hands over, once, what could not be posted to a page that was not there yet. */
function postHeldBack(message: unknown): void {
  const key = "vscode-held-back";
  if (sessionStorage.getItem(key)) return;
  sessionStorage.setItem(key, "done");
  window.addEventListener("load", () => window.postMessage(message, "*"));
}

/** Runs in the page before its scripts: the API and the default styles that VS Code gives to a webview. */
function installVsCode(): void {
  const key = "vscode-state";
  const { postToHost } = window as unknown as { postToHost(message: unknown): Promise<void> };
  const api = {
    postMessage: (message: unknown) => void postToHost(message),
    getState: (): unknown => JSON.parse(sessionStorage.getItem(key) ?? "null") ?? undefined,
    setState: (state: unknown) => sessionStorage.setItem(key, JSON.stringify(state)),
  };
  Object.assign(window, { acquireVsCodeApi: () => api });
  document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer vscode-default {
    html { scrollbar-color: var(--vscode-scrollbarSlider-background) transparent; }
    body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
      font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  }`);
  document.adoptedStyleSheets = [sheet];
}
