import type * as vscode from "vscode";
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from "vscode-jsonrpc";

/** Turns messages that are pushed in, as a webview's are, into the reader that vscode-jsonrpc expects. */
export class PushedMessageReader extends AbstractMessageReader implements MessageReader {
  private callback: DataCallback | undefined;

  listen(callback: DataCallback): Disposable {
    this.callback = callback;
    return { dispose: () => (this.callback = undefined) };
  }

  /** Hands a message to the connection; ignored before it listens and after it is disposed. */
  push(message: Message): void {
    this.callback?.(message);
  }
}

/** Sends messages with a function, as `webview.postMessage`. */
export class PostingMessageWriter extends AbstractMessageWriter implements MessageWriter {
  private open = true;

  constructor(private readonly post: (message: Message) => PromiseLike<unknown>) {
    super();
  }

  async write(message: Message): Promise<void> {
    // The page it was meant for may be gone: then nobody waits for it.
    if (this.open) await this.post(message);
  }

  end(): void {
    this.open = false;
  }
}

/** Whether something that a page posted has the outline of a JSON-RPC 2.0 message. */
export function isRpcMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && "jsonrpc" in value && value.jsonrpc === "2.0";
}

/** Messages of so many characters go as bytes. */
const largeText = 1 << 16;

/**
 * Posts messages to the page of a webview. What is large goes as the bytes of its JSON text: VS Code passes on bytes as
 * they are, but takes objects apart and builds them again in each of the three processes and frames on the way.
 */
export function postTo(webview: Pick<vscode.Webview, "postMessage">): (message: object) => PromiseLike<unknown> {
  return (message) => {
    const text = JSON.stringify(message);
    return webview.postMessage(text.length < largeText ? message : new TextEncoder().encode(text).buffer);
  };
}
