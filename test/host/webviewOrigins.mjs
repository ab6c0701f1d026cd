// Gives every webview an origin of its own, as the desktop and VS Code's own web host do.
//
// This host serves all webviews from one origin. Each new one then replaces the service worker of the one before, and
// Chromium waits a second before it activates a replacement: time that is spent nowhere else, and that measurements of
// ours must not contain. The browser has to ignore content security policies, since the window's knows no other origins.

/**
 * Call before the page is opened.
 * @param {import("playwright-core").Page} page
 * @param {string} authority of the server: host and port
 */
export async function separateWebviewOrigins(page, authority) {
  // No function in it may have a name: what compiles tests would wrap it in a helper that the page does not have.
  await page.addInitScript(
    (port) => {
      new MutationObserver((_, observer) => {
        const meta = document.getElementById("vscode-workbench-web-configuration");
        if (!meta) return;
        observer.disconnect();
        const { webviewEndpoint, ...others } = JSON.parse(meta.getAttribute("data-settings") ?? "{}");
        if (typeof webviewEndpoint !== "string") return;
        const path = new URL(webviewEndpoint, location.href).pathname;
        const template = `http://{{uuid}}.localhost:${port}${path}/`;
        const productConfiguration = { ...others.productConfiguration, webviewContentExternalBaseUrlTemplate: template };
        meta.setAttribute("data-settings", JSON.stringify({ ...others, productConfiguration }));
      }).observe(document, { childList: true, subtree: true });
    },
    authority.slice(authority.lastIndexOf(":") + 1),
  );
}
