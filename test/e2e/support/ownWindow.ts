import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { at } from "../../../scripts/lib/paths.mjs";
import { openWindow, pictureFailures, type TestWindow } from "./window";

/** Where tests write the pictures of the README. */
export const pictures = at("test", "screenshots");

export interface OwnWindowOptions {
  /** Puts into the folder what is to be in it when the window opens. */
  fill?: (folder: string) => void;
  /** Pixels; those of the browser unless told otherwise. */
  size?: { width: number; height: number };
}

/**
 * A window on a new folder for the tests of the surrounding `describe`; both are gone after them. Call it there: the window is open
 * inside tests.
 */
export function ownWindow(name: string, { fill, size }: OwnWindowOptions = {}): TestWindow & { readonly folder: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), `quantscope-${name}-`));
  let opened: TestWindow | undefined;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    fill?.(folder);
    opened = await openWindow(folder);
    if (size) await opened.page.setViewportSize(size);
  });
  after(async () => {
    await opened?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  pictureFailures(() => opened);
  const window = (): TestWindow => {
    if (!opened) throw new Error("The window is not open yet.");
    return opened;
  };
  return {
    folder,
    get workbench() {
      return window().workbench;
    },
    get page() {
      return window().page;
    },
    reload: () => window().reload(),
    close: () => window().close(),
  };
}
