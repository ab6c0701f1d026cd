// A browser for the webview and end-to-end tests: Debian's Chromium, driven by playwright-core, which brings none itself.
import { existsSync } from "node:fs";
import { installDebian } from "../lib/debian.mjs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Path of the browser: CHROMIUM, else the first of the usual places; undefined if there is none. */
export function findChromium() {
  return [process.env.CHROMIUM, ...places].find((place) => place && existsSync(place));
}

/** Makes sure that there is a browser, and fonts in which its pages look as on a desktop. */
export async function installChromium() {
  if (!findChromium()) await installDebian(["chromium"], "Chromium");
  const fonts = ["open-sans/OpenSans-Regular.ttf", "dejavu/DejaVuSansMono.ttf"].map((name) => `/usr/share/fonts/truetype/${name}`);
  if (existsSync("/etc/debian_version") && !fonts.every(existsSync))
    await installDebian(["fonts-open-sans", "fonts-dejavu-core"], "a font");
}
