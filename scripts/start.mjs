// `npm start`: builds, and opens the checkpoint editor on the sample. In the desktop VS Code if there is one, else in a VS Code server
// on loopback, whose address it prints; it then runs until Ctrl+C.
//
//   npm start -- [--server] [--port N] [--check]      --server: also where there is a desktop. --check: opens the address in Chromium,
//                                                     waits for the editor, and ends
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { at, cache } from "./lib/paths.mjs";
import { node } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const { values: options } = parseArgs({ options: { server: { type: "boolean" }, check: { type: "boolean" }, port: { type: "string" } } });
const sample = at("media/sample");
const openSample = at("scripts/openSample");

try {
  await setup(["packages"]);
  console.log("building");
  await node(["esbuild.config.mjs"]);
  const desktop = options.server || options.check ? undefined : findDesktop();
  if (desktop) openDesktop(desktop);
  else await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** The command of a desktop VS Code, where a window can be shown. */
function findDesktop() {
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const find = process.platform === "win32" ? "where" : "which";
  for (const name of ["code", "code-insiders", "codium"]) {
    try {
      const [first] = execFileSync(find, [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split(/\r?\n/);
      if (first) return process.platform === "win32" ? `${first}.cmd` : first;
    } catch {
      // Not installed.
    }
  }
  const app = "/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code";
  return existsSync(app) ? app : undefined;
}

/** @param {string} command */
function openDesktop(command) {
  const development = [at(), openSample].map((folder) => `--extensionDevelopmentPath=${folder}`);
  const shell = process.platform === "win32";
  spawn(command, [...development, "--disable-workspace-trust", sample], { stdio: "ignore", detached: true, shell }).unref();
  console.log(`opened ${path.basename(command)} on media/sample`);
}

async function serve() {
  await setup(options.check ? ["host", "chromium"] : ["host"]);
  const { startServer } = await import("../test/host/vscodeServer.mjs");
  const port = options.check ? 0 : await preferredPort(Number(options.port ?? 8790));
  const server = await startServer({
    port,
    folder: sample,
    extensionsDir: linkExtensions(),
    userDataDir: options.check ? undefined : cache("start/data"),
  });
  const address = `http://${server.authority}/`;
  if (options.check) {
    try {
      console.log(`The sample checkpoint is open at ${address} (${await checkEditor(address)})`);
    } finally {
      await server.stop();
    }
    return;
  }
  console.log(`\nThe sample checkpoint is open at ${address}\nCtrl+C ends it.`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void server.stop().then(() => process.exit(0)));
}

/** An extensions folder with this project and the opener, by links: what is rebuilt shows when the window is reloaded. */
function linkExtensions() {
  const folder = cache("start", "extensions");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(at(), path.join(folder, "quantscope"), "junction");
  symlinkSync(openSample, path.join(folder, "open-sample"), "junction");
  return folder;
}

/** The page's title once the checkpoint editor shows its tensors. */
async function checkEditor(address) {
  const { openBrowser } = await import("../test/host/browser.mjs");
  const { Workbench } = await import("../test/host/workbench.mjs");
  const browser = await openBrowser();
  try {
    await browser.page.goto(address);
    const workbench = new Workbench(browser.page);
    await workbench.editor().rows.first().waitFor({ timeout: 90_000 });
    return await browser.page.title();
  } finally {
    await browser.close();
  }
}

/** The port if it is free, else 0: any. The same address every time keeps the state that the browser stores by it. */
function preferredPort(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(0));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(port)));
  });
}
