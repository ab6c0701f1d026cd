import type { Message } from "vscode-jsonrpc";
import { PreflightSession } from "../../../src/extension/quantize/preflightSession";
import type { PreflightPicture } from "../../../src/protocol/preflight";
import type { PageHost } from "./webviewPage";

/** The real session behind a pre-flight page; decisions and the clipboard are noted. */
export class PreflightPageHost implements PageHost {
  readonly decisions: boolean[] = [];
  readonly copied: string[] = [];
  readonly failures: unknown[] = [];
  private session: PreflightSession | undefined;

  constructor(private readonly picture: PreflightPicture) {}

  attach(post: (message: Message) => Promise<void>): void {
    this.session?.dispose();
    this.session = new PreflightSession({
      picture: () => this.picture,
      decide: (write) => void this.decisions.push(write),
      markdown: () => "the plan",
      copy: (text) => Promise.resolve(void this.copied.push(text)),
      reportFailure: (error) => this.failures.push(error),
      post,
    });
  }

  receive(message: Message): void {
    this.session?.receive(message);
  }

  dispose(): void {
    this.session?.dispose();
  }
}
