import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pageDocument, type PageName } from "../../../src/extension/editor/pageDocument";

const built = path.join(__dirname, "..", "..", "..", "dist", "webview");
/** The pages that are built. */
const pageNames: readonly PageName[] = [
  "calibration",
  "editor",
  "errors",
  "estimate",
  "gptq",
  "lesson",
  "perplexity",
  "playground",
  "preflight",
];

/** The extension's own document. */
function html(page: PageName): string {
  const nonce = randomBytes(16).toString("base64");
  const read = (name: string): string => readFileSync(path.join(built, name), "utf8");
  const [script, styles] = [read(`${page}.js`), read(`${page}-style.css`)];
  return pageDocument({ page, title: "Quantscope", language: "en", nonce, isToldFirst: page === "editor", script, styles });
}

/** Serves the built pages on loopback, each under its name. */
export class PageServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<PageServer> {
    if (!existsSync(path.join(built, "editor.js"))) throw new Error("dist/webview is not built: run `npm run build` first");
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? "/", "http://page").pathname);
      const page = pageNames.find((candidate) => candidate === name);
      if (page) response.setHeader("Content-Type", "text/html; charset=utf-8").end(html(page));
      else response.writeHead(name === "favicon.ico" ? 204 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new PageServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
