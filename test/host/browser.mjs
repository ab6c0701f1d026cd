// Headless Chromium for the workbench and for pages alone, offline: no name but loopback resolves.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "../../scripts/setup/chromium.mjs";
import { at } from "../../scripts/lib/paths.mjs";

/**
 * @typedef {object} Browser
 * @property {import("playwright-core").BrowserContext} context
 * @property {import("playwright-core").Page} page
 * @property {() => Promise<void>} close
 */

/**
 * Opens a browser with a fresh profile.
 * @param {{ viewport?: { width: number, height: number }, reducedMotion?: boolean, permissive?: boolean }} [options]
 *   permissive: without content security policies, and with storage for frames of other origins
 * @returns {Promise<Browser>}
 */
export async function openBrowser({ viewport = { width: 1280, height: 800 }, reducedMotion = false, permissive = false } = {}) {
  const profile = mkdtempSync(path.join(os.tmpdir(), "quantscope-chromium-"));
  if (permissive) {
    mkdirSync(path.join(profile, "Default"));
    writeFileSync(
      path.join(profile, "Default", "Preferences"),
      JSON.stringify({ profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }),
    );
  }
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    headless: true,
    viewport,
    bypassCSP: permissive,
    env: { ...definedEnv(), FONTCONFIG_FILE: at("test/host/fonts.conf") },
    reducedMotion: reducedMotion ? "reduce" : null,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
    ],
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  return { context, page: context.pages()[0] ?? (await context.newPage()), close };
}

/** @returns {Record<string, string>} */
const definedEnv = () =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
