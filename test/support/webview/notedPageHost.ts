import { createMessageConnection, type Message, type MessageConnection } from "vscode-jsonrpc";
import { PostingMessageWriter, PushedMessageReader } from "../../../src/extension/editor/rpcChannel";
import type { PageHost } from "./webviewPage";

/** A host whose answers are the test's. What the page asks is noted. */
export abstract class NotedPageHost implements PageHost {
  /** Requests in the order in which they came, with their parameters. */
  readonly asked: { name: string; params: unknown }[] = [];
  connection!: MessageConnection;
  private reader!: PushedMessageReader;

  attach(post: (message: Message) => Promise<void>): void {
    this.reader = new PushedMessageReader();
    this.connection = createMessageConnection(this.reader, new PostingMessageWriter(post));
    this.answer();
    this.connection.listen();
  }

  receive(message: Message): void {
    this.reader.push(message);
  }

  dispose(): void {
    this.connection.dispose();
  }

  /** Registers the answers with the connection. */
  protected abstract answer(): void;

  /** Requests that are only noted; true answers those that ask for something to be saved. */
  protected note(requests: readonly { readonly method: string }[], save?: { readonly method: string }): void {
    for (const { method } of requests) {
      this.connection.onRequest(method, (params: unknown) => {
        this.asked.push({ name: method, params });
        return save ? method === save.method : null;
      });
    }
  }
}
