import { mkdirSync } from "node:fs";
import path from "node:path";
import type { TestWindow } from "../e2e/support/window";
import { clickAtOnce, closePages, firstPaint, inEachVersion } from "./benchWindow";
import { writeManyTensors } from "./manyTensors";
import type { ResultRow } from "./results";

const fileName = "many.safetensors";
const tensorCount = 5000;
/** VS Code starts other extensions and restores views for seconds after its window can be used. */
const settledMs = 4000;
const firstRow = "[role=treegrid] [role=row] [role=gridcell]";

/**
 * Milliseconds from the click that opens the file to the frame in which the first row of the table stands, and to the
 * moment at which VS Code's webview is ready to take the page.
 * @param settledMs how long the window has been left alone since it was loaded
 */
async function openMs(window: TestWindow, settledMs: number): Promise<{ row: number; webview: number }> {
  const { workbench } = window;
  await closePages(window, settledMs);
  const started = await clickAtOnce(window, workbench.explorerRow(fileName));
  const row = (await firstPaint(window)) - started;
  const frame = await workbench.editorFrame();
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

/** Reloads the window without editors: one that VS Code restores activates the extension while the window starts. */
async function reloadEmpty(window: TestWindow): Promise<void> {
  await window.workbench.run("View: Close All Editors");
  await window.reload();
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
  return inEachVersion("editor", folder, { editor: firstRow }, async (window, { version, isNewest, row }) => {
    const [opened, webviews, starting]: [number[], number[], number[]] = [[], [], []];
    const [activated, activatedWhileStarting]: [number[], number[]] = [[], []];
    // The first opening may come before the registry of custom editors is complete.
    await window.workbench.openCheckpoint(fileName);
    for (let round = 0; round < rounds; round++) {
      console.error(`editor: VS Code ${version}, round ${round + 1} of ${rounds}`);
      // With the editor that VS Code restores: without any, the file can be opened before it is known who opens it.
      await window.reload();
      starting.push((await openMs(window, 0)).row);
      activatedWhileStarting.push(await activationMs(window));
      await reloadEmpty(window);
      const settled = await openMs(window, settledMs);
      opened.push(settled.row);
      webviews.push(settled.webview);
      activated.push(await activationMs(window));
    }
    return [
      row("open 5,000 tensors, to the first row", opened, isNewest ? { atMost: 1500 } : undefined),
      row("of that, until the webview takes the page", webviews),
      row("open, in a window that still starts", starting),
      row("activation, loading included", activated, { atMost: 10 }),
      row("activation, in a window that still starts", activatedWhileStarting),
    ];
  });
}
