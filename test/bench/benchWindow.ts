import { existsSync } from "node:fs";
import type { Locator } from "playwright-core";
import { installedFolder, vsixFile } from "../../scripts/lib/vsix.mjs";
import { hostVersions } from "../../scripts/setup/host.mjs";
import { openWindow, type TestWindow } from "../e2e/support/window";
import { hostIsInstalled } from "../host/vscodeServer.mjs";
import { type Bar, type ResultRow, timing } from "./results";

/** What is measured in. */
export interface MeasuredHost {
  /** Of VS Code. */
  version: string;
  /** Whether this is the version in which what depends on VS Code and the browser is judged. */
  isNewest: boolean;
  row(name: string, ms: readonly number[], bar?: Bar): ResultRow;
}

/**
 * Measures the packaged extension in a real VS Code, the newest and the oldest that is supported; says which of them is not there.
 *
 * @param folder that the windows open
 * @param contents of the pages of which `firstPaint` is to tell: the name of a page, and the selector of what makes it be there
 */
export async function inEachVersion(
  part: string,
  folder: string,
  contents: Readonly<Record<string, string>>,
  measure: (window: TestWindow, host: MeasuredHost) => Promise<ResultRow[]>,
): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for (const version of [hostVersions.newest, hostVersions.oldest]) {
    if (!hostIsInstalled(version) || !(existsSync(installedFolder) || existsSync(vsixFile))) {
      console.log(
        `${part}: not measured in VS Code ${version}; it needs \`node scripts/setup.mjs host host-newest chromium\` and \`npm run package\``,
      );
      continue;
    }
    const row: MeasuredHost["row"] = (name, ms, bar) => ({
      part,
      name: `VS Code ${version}, ${name}`,
      unit: "ms",
      ours: timing(ms),
      ...(bar ? { bar } : {}),
    });
    const window = await openWindow(folder, { "workbench.editor.useModal": "off" }, { version, ownOrigins: true });
    try {
      await window.page.addInitScript(noteFirstPaint(contents));
      rows.push(...(await measure(window, { version, isNewest: version === hostVersions.newest, row })));
    } finally {
      await window.close();
    }
  }
  return rows;
}

/**
 * Runs in every frame before its scripts: notes when what makes a page be there was first painted. A test's own waiting asks
 * only every 100 to 500 ms whether a frame is there. As text: what compiles tests would wrap functions in a helper.
 */
function noteFirstPaint(contents: Readonly<Record<string, string>>): string {
  return `
  const look = (content) => {
    if (document.querySelector(content)) setTimeout(() => (globalThis.firstPaintedAt = Date.now()));
    else requestAnimationFrame(() => look(content));
  };
  // The document is written anew after this has run: then requests for frames are forgotten.
  const timer = setInterval(() => {
    const page = document.body?.dataset.testid?.replace("quantscope-", "");
    const content = page && ${JSON.stringify(contents)}[page];
    if (!content) return;
    clearInterval(timer);
    look(content);
  }, 5);
`;
}

/** Clicks without the waiting of a test. @returns when it did, on the clock of `firstPaint` */
export async function clickAtOnce({ page }: TestWindow, target: Locator): Promise<number> {
  const box = await target.boundingBox();
  if (!box) throw new Error(`there is no ${String(target)} to click`);
  const at = Date.now();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  return at;
}

/** When what makes the page in front be there was first painted, in milliseconds of the clock. */
export async function firstPaint({ workbench }: TestWindow): Promise<number> {
  await workbench.frontPage().locator("#root > *").first().waitFor();
  const frame = await workbench.editorFrame();
  await frame.waitForFunction("globalThis.firstPaintedAt");
  return Number(await frame.evaluate("globalThis.firstPaintedAt"));
}

/** Closes all editors and waits until no page is left, and `settledMs` more. */
export async function closePages({ workbench, page }: TestWindow, settledMs: number): Promise<void> {
  await workbench.run("View: Close All Editors");
  await page.locator("iframe.webview").waitFor({ state: "detached" });
  await page.waitForTimeout(settledMs);
}
