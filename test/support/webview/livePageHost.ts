import type { Message } from "vscode-jsonrpc";
import type { PageHost as SessionHost, PageSession } from "../../../src/extension/editor/pageSession";
import type { PageHost } from "./webviewPage";

/**
 * A host whose answers are the real session's, made anew whenever the page is loaded. What goes wrong in it and what the page has
 * saved is noted.
 */
export abstract class LivePageHost<Session extends PageSession> implements PageHost {
  readonly saved: { name: string; content: Uint8Array }[] = [];
  readonly failures: unknown[] = [];
  session: Session | undefined;
  protected readonly reportFailure = (error: unknown): void => void this.failures.push(error);

  attach(post: (message: Message) => Promise<void>): void {
    this.session?.dispose();
    this.session = this.connect({ post, reportFailure: this.reportFailure });
  }

  receive(message: Message): void {
    this.session?.receive(message);
  }

  dispose(): void | Promise<void> {
    this.session?.dispose();
  }

  /** The session of a page that was loaded. */
  protected abstract connect(page: SessionHost): Session;

  protected save(name: string, content: Uint8Array): Promise<boolean> {
    return Promise.resolve(this.saved.push({ name, content }) > 0);
  }
}
