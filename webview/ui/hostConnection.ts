import {
  AbstractMessageReader,
  AbstractMessageWriter,
  CancellationTokenSource,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
  type NotificationType,
  type RequestType,
  type RequestType0,
  ResponseError,
} from "vscode-jsonrpc";
import type { Diagnostic } from "../../src/core/errors";
import type { VsCodeApi } from "./vscodeApi";

class WindowReader extends AbstractMessageReader implements MessageReader {
  constructor(private readonly api: VsCodeApi) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    const receive = (posted: unknown): void => {
      // Large messages come as the bytes of their text.
      const data: unknown = posted instanceof ArrayBuffer ? JSON.parse(new TextDecoder().decode(posted)) : posted;
      if (isMessage(data)) callback(data);
    };
    const onMessage = (event: MessageEvent<unknown>): void => receive(event.data);
    window.addEventListener("message", onMessage);
    // After the first request is counted as sent, or its answer would be one to nothing.
    queueMicrotask(() => this.api.takeOver?.().forEach(receive));
    return { dispose: () => window.removeEventListener("message", onMessage) };
  }
}

class HostWriter extends AbstractMessageWriter implements MessageWriter {
  private isFirst = true;

  constructor(private readonly api: VsCodeApi) {
    super();
  }

  write(message: Message): Promise<void> {
    if (!(this.isFirst && this.api.takeOver)) this.api.postMessage(message);
    this.isFirst = false;
    return Promise.resolve();
  }

  end(): void {
    return undefined;
  }
}

function isMessage(data: unknown): data is Message {
  return typeof data === "object" && data !== null && "jsonrpc" in data && data.jsonrpc === "2.0";
}

/** A request that its caller withdrew. Never shown. */
export class Withdrawn extends Error {
  override readonly name = "Withdrawn";
}

/** What went wrong with a request, as far as the host could tell. */
export function toDiagnostic(error: unknown): Diagnostic {
  const data: unknown = error instanceof ResponseError ? error.data : undefined;
  if (typeof data === "object" && data !== null && "code" in data && "message" in data) {
    return { severity: "error", ...(data as Pick<Diagnostic, "code" | "message">) };
  }
  return { severity: "error", code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** The page's end of the conversation with the extension host. */
export class HostConnection {
  private readonly connection: MessageConnection;

  constructor(api: VsCodeApi) {
    this.connection = createMessageConnection(new WindowReader(api), new HostWriter(api));
  }

  /** Starts to deliver messages: call after the handlers are in place. */
  listen(): void {
    this.connection.listen();
  }

  /**
   * Asks the host. Aborting `signal` withdraws the request: the host is told, and an answer that is already under way
   * is dropped.
   *
   * @throws Withdrawn when aborted; ResponseError when the host could not do it
   */
  async request<P, R>(type: RequestType<P, R, void>, params: P, signal?: AbortSignal): Promise<R> {
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const result = await this.connection.sendRequest(type, params, source.token);
      if (signal?.aborted) throw new Withdrawn();
      return result;
    } catch (error) {
      throw signal?.aborted ? new Withdrawn() : error;
    } finally {
      signal?.removeEventListener("abort", cancel);
      source.dispose();
    }
  }

  /** Asks the host something that has no parameters. */
  ask<R>(type: RequestType0<R, void>): Promise<R> {
    return this.connection.sendRequest(type);
  }

  /** Tells the host. A host that is gone is no failure of the page. */
  notify<P>(type: NotificationType<P>, params: P): void {
    this.connection.sendNotification(type, params).catch(() => undefined);
  }

  on<P>(type: NotificationType<P>, handler: (params: P) => void): void {
    this.connection.onNotification(type, handler);
  }
}
