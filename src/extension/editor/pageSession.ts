import {
  type CancellationToken,
  createMessageConnection,
  ErrorCodes,
  type Message,
  type MessageConnection,
  type RequestType,
  type RequestType0,
  ResponseError,
} from "vscode-jsonrpc";
import { CancelledError, FormatError, UsageError } from "../../core/errors";
import { type Disposable, DisposableStore } from "../emitter";
import { record } from "./params";
import { PostingMessageWriter, PushedMessageReader } from "./rpcChannel";

/** What every page needs of the host around it. */
export interface PageHost {
  post(message: Message): PromiseLike<unknown>;
  reportFailure(error: unknown): void;
}

/** `RequestCancelled` of the language server protocol: the request was withdrawn, nothing failed. */
const requestCancelled = -32800;
/** A request that could not be fulfilled; `data` is the finding. */
const requestFailed = -32803;

/**
 * One page's conversation with the host, from its first message to its end. Every failure is answered, and all work stops
 * with the page, or when the page withdraws it.
 */
export abstract class PageSession implements Disposable {
  protected readonly connection: MessageConnection;
  protected readonly store = new DisposableStore();
  protected readonly life = new AbortController();
  private readonly reader = new PushedMessageReader();
  private readonly writer: PostingMessageWriter;

  constructor(private readonly page: PageHost) {
    this.writer = new PostingMessageWriter((message) => page.post(message));
    this.connection = createMessageConnection(this.reader, this.writer);
    this.connection.onError(([error]) => page.reportFailure(error));
  }

  /** A message from the page. */
  receive(message: Message): void {
    this.reader.push(message);
  }

  dispose(): void {
    this.life.abort();
    this.store.dispose();
    this.writer.end();
    this.connection.dispose();
  }

  /** Aborted when answers under way are about something that is no more; undefined where nothing but the page's end is. */
  protected get subjectSignal(): AbortSignal | undefined {
    return undefined;
  }

  /** Registers who answers a request. Parameters come from the page: `work` checks them. */
  protected answer<P, R>(
    type: RequestType<P, R, void> | RequestType0<R, void>,
    work: (params: Record<string, unknown>, signal: AbortSignal) => R | Promise<R>,
  ): void {
    this.store.add(
      this.connection.onRequest(type.method, async (...received: unknown[]): Promise<R | ResponseError<unknown>> => {
        // The token is always last; without parameters it is alone.
        const token = received[received.length - 1] as CancellationToken;
        const withdrawn = new AbortController();
        const subscription = token.onCancellationRequested(() => withdrawn.abort());
        try {
          const params = type.numberOfParams === 0 ? {} : record(received[0]);
          const { subjectSignal } = this;
          return await work(params, AbortSignal.any([withdrawn.signal, this.life.signal, ...(subjectSignal ? [subjectSignal] : [])]));
        } catch (error) {
          return this.errorResponse(error);
        } finally {
          subscription.dispose();
        }
      }),
    );
  }

  /** Tells the page, unless it is gone. */
  protected notify(send: () => Promise<void>): void {
    if (this.life.signal.aborted) return;
    send().catch((error: unknown) => this.page.reportFailure(error));
  }

  private errorResponse(error: unknown): ResponseError<unknown> {
    if (error instanceof ResponseError) return error;
    if (error instanceof CancelledError) return new ResponseError(requestCancelled, error.message);
    if (error instanceof FormatError) return new ResponseError(requestFailed, error.message, error.toDiagnostic());
    if (error instanceof UsageError)
      return new ResponseError(requestFailed, error.message, { code: error.code, message: error.message, ...error.fields });
    this.page.reportFailure(error);
    return new ResponseError(ErrorCodes.InternalError, error instanceof Error ? error.message : String(error));
  }
}

/** Refuses parameters that make no sense. */
export function invalid(message: string): never {
  throw new ResponseError(ErrorCodes.InvalidParams, message);
}
