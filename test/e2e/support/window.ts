import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, openBrowser } from "../../host/browser.mjs";
import { installExtension, type Server, startServer, workbenchUrl } from "../../host/vscodeServer.mjs";
import { separateWebviewOrigins } from "../../host/webviewOrigins.mjs";
import { Workbench } from "../../host/workbench.mjs";
import { at } from "../../../scripts/lib/paths.mjs";
import { installedFolder, vsixFile } from "../../../scripts/lib/vsix.mjs";

/** A real VS Code with the packaged extension installed, open on a folder, in a browser of its own. */
export interface TestWindow {
  workbench: Workbench;
  page: Browser["page"];
  /** Reloads the window and waits until it is usable. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** A command that is known once the extension's contributions are. */
const anyCommand = "Quantscope: Open Sample Checkpoint";

/** For measurements. */
export interface WindowOptions {
  /** Of VS Code; see `vscodeServer.mjs`. */
  version?: string;
  /** An origin for each webview; content security policies are not enforced then. */
  ownOrigins?: boolean;
}

/** Starts VS Code on a folder. Checkpoints are not scanned by themselves unless `settings` say so. */
export async function openWindow(
  folder: string,
  settings: Record<string, unknown> = {},
  { version, ownOrigins = false }: WindowOptions = {},
): Promise<TestWindow> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "quantscope-e2e-"));
  let server: Server | undefined;
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server?.stop();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    server = await startServer({
      version,
      userDataDir: path.join(scratch, "data"),
      extensionsDir: extensionsFolder(scratch),
      settings: { "quantscope.scanOnOpen": "never", "workbench.colorTheme": "Default Dark Modern", ...settings },
    });
    browser = await openBrowser({ permissive: ownOrigins });
    const { page } = browser;
    const workbench = new Workbench(page);
    const url = workbenchUrl(server, { folder });
    if (ownOrigins) await separateWebviewOrigins(page, server.authority);
    await page.goto(url);
    await workbench.ready();
    await workbench.extensionReady(anyCommand);
    const reload = async (): Promise<void> => {
      // The command, not the browser's button: only so is everything stored first.
      const loaded = page.waitForEvent("load");
      await workbench.run("Developer: Reload Window");
      await loaded;
      await workbench.ready();
    };
    return { workbench, page, reload, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keeps a picture of the window under `out/e2e` when a test fails. Called with a function, since the window opens later. */
export function pictureFailures(find: () => TestWindow | undefined): void {
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const file = at("out", "e2e", `${this.currentTest.fullTitle().replace(/[^a-z0-9]+/gi, "-")}.png`);
    await find()?.page.screenshot({ path: file });
    console.log(`      picture: ${file}`);
  });
}

/** The folder that `npm test` installed the package into, else one of our own. */
function extensionsFolder(scratch: string): string {
  if (process.env.EXTENSIONS_DIR) return process.env.EXTENSIONS_DIR;
  if (existsSync(installedFolder)) return installedFolder;
  if (!existsSync(vsixFile)) throw new Error("there is no package: run npm run package first");
  const folder = path.join(scratch, "extensions");
  installExtension(vsixFile, folder);
  return folder;
}
