import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { installedFolder, vsixFile } from "../../scripts/lib/vsix.mjs";
import { openWindow, type TestWindow } from "../e2e/support/window";
import { hostVersions } from "../../scripts/setup/host.mjs";
import { hostIsInstalled } from "../host/vscodeServer.mjs";
import { writeManyTensors } from "./manyTensors";
import { type Bar, type ResultRow, timing } from "./results";

const fileName = "many.safetensors";
const tensorCount = 5000;
/** VS Code starts other extensions and restores views for seconds after its window can be used. */
const settledMs = 4000;

/**
 * Runs in every frame before its scripts: notes when the first row of a table was painted. A test's own waiting asks
 * only every 100 to 500 ms whether a frame is there. As text: what compiles tests would wrap functions in a helper.
 */
const noteFirstRow = `
  const look = () => {
    if (document.querySelector("[role=treegrid] [role=row] [role=gridcell]")) setTimeout(() => (globalThis.firstRowPaintedAt = Date.now()));
    else requestAnimationFrame(look);
  };
  // The document is written anew after this has run: then requests for frames are forgotten.
  const timer = setInterval(() => {
    if (!document.querySelector("[data-testid=quantscope-editor]")) return;
    clearInterval(timer);
    look();
  }, 5);
`;

/**
 * Milliseconds from the click that opens the file to the frame in which the first row of the table stands, and to the
 * moment at which VS Code's webview is ready to take the page.
 * @param settledMs how long the window has been left alone since it was loaded
 */
async function openMs({ workbench, page }: TestWindow, settledMs: number): Promise<{ row: number; webview: number }> {
  await workbench.run("View: Close All Editors");
  const box = await workbench.explorerRow(fileName).boundingBox();
  if (!box) throw new Error("the file is not in the explorer");
  await page.locator("iframe.webview").waitFor({ state: "detached" });
  await page.waitForTimeout(settledMs);
  const started = Date.now();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await workbench.editor().rows.first().waitFor();
  const frame = await workbench.editorFrame();
  await frame.waitForFunction("globalThis.firstRowPaintedAt");
  const row = Number(await frame.evaluate("globalThis.firstRowPaintedAt")) - started;
  const ready = "performance.timeOrigin + performance.getEntriesByType('navigation')[0].domContentLoadedEventStart";
  return { row, webview: Number(await frame.evaluate(ready)) - started };
}

/** Milliseconds of the activation that opening the file caused, loading the bundle included, as VS Code itself measured them. */
async function activationMs({ workbench, page }: TestWindow): Promise<number> {
  await workbench.run("Developer: Show Running Extensions");
  const row = page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "Quantscope" });
  // The list is sorted by what its extensions take, and draws only what is in sight.
  await page.locator(".runtime-extensions-editor").hover();
  for (let tries = 0; tries < 50 && (await row.count()) === 0; tries++) {
    await page.mouse.wheel(0, 200);
    await page.waitForTimeout(50);
  }
  const text = await row.locator(".activation-time").innerText();
  const ms = /(\d+)\s*ms/.exec(text)?.[1];
  if (ms === undefined) throw new Error(`VS Code says "${text}" of the activation`);
  return Number(ms);
}

/** Milliseconds of every round in one version of VS Code. */
interface Rounds {
  opened: number[];
  webviews: number[];
  starting: number[];
  activated: number[];
  activatedWhileStarting: number[];
}

/** Reloads the window without editors: one that VS Code restores activates the extension while the window starts. */
async function reloadEmpty(window: TestWindow): Promise<void> {
  await window.workbench.run("View: Close All Editors");
  await window.reload();
}

async function measure(version: string, folder: string, rounds: number): Promise<Rounds> {
  const found: Rounds = { opened: [], webviews: [], starting: [], activated: [], activatedWhileStarting: [] };
  const window = await openWindow(folder, { "workbench.editor.useModal": "off" }, { version, ownOrigins: true });
  try {
    await window.page.addInitScript(noteFirstRow);
    // The first opening may come before the registry of custom editors is complete.
    await window.workbench.openCheckpoint(fileName);
    for (let round = 0; round < rounds; round++) {
      console.error(`editor: VS Code ${version}, round ${round + 1} of ${rounds}`);
      await reloadEmpty(window);
      found.starting.push((await openMs(window, 0)).row);
      found.activatedWhileStarting.push(await activationMs(window));
      await reloadEmpty(window);
      const { row, webview } = await openMs(window, settledMs);
      found.opened.push(row);
      found.webviews.push(webview);
      found.activated.push(await activationMs(window));
    }
  } finally {
    await window.close();
  }
  return found;
}

/**
 * The packaged extension in a real VS Code, the newest and the oldest that is supported: activation, and opening a
 * checkpoint of 5,000 tensors. The oldest gives each webview a service worker under a new address, and Chromium takes a
 * second to activate one that replaces another; the newest does not.
 */
export async function runEditorBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const folder = at("workspace");
  mkdirSync(folder);
  writeManyTensors(path.join(folder, fileName), tensorCount);
  const rows: ResultRow[] = [];
  for (const version of [hostVersions.newest, hostVersions.oldest]) {
    if (!hostIsInstalled(version) || !(existsSync(installedFolder) || existsSync(vsixFile))) {
      console.log(
        `editor: not measured in VS Code ${version}; it needs \`node scripts/setup.mjs host host-newest chromium\` and \`npm run package\``,
      );
      continue;
    }
    const { opened, webviews, starting, activated, activatedWhileStarting } = await measure(version, folder, rounds);
    const row = (name: string, ms: number[], bar?: Bar): ResultRow => ({
      part: "editor",
      name: `VS Code ${version}, ${name}`,
      unit: "ms",
      ours: timing(ms),
      ...(bar ? { bar } : {}),
    });
    rows.push(
      row("open 5,000 tensors, to the first row", opened, version === hostVersions.newest ? { atMost: 1500 } : undefined),
      row("of that, until the webview takes the page", webviews),
      row("open, in a window that still starts", starting),
      row("activation, loading included", activated, { atMost: 10 }),
      row("activation, in a window that still starts", activatedWhileStarting),
    );
  }
  return rows;
}
