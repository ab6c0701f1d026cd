import type { RequestType } from "vscode-jsonrpc";
import type { HostConnection } from "../ui/hostConnection";
import { NewestRequest } from "../ui/newestRequest";

/** Fetches what a figure shows, as the newest request does. What is shown stays until another answer arrives. */
export class FigureLoader<P, R> {
  private readonly newest: NewestRequest<{ host: HostConnection; params: P }, R>;
  private wanted: string | undefined;
  private told: Pick<FigureLoader<P, R>, "shown" | "failure"> = { shown: undefined, failure: undefined };

  /** @param changed another answer has arrived, or there is a failure */
  constructor(
    type: RequestType<P, R, void>,
    private readonly changed: () => void,
  ) {
    this.newest = new NewestRequest(
      ({ host, params }, _token, signal) => host.request(type, params, signal),
      () => this.tell(),
    );
  }

  /** The last answer: while the wish changes, that to an earlier one. */
  get shown(): R | undefined {
    return this.newest.shown?.report;
  }

  get failure(): string | undefined {
    return this.newest.failure?.message;
  }

  /** Whether what is shown is the answer to the newest wish. */
  get isCurrent(): boolean {
    return this.newest.isCurrent;
  }

  /** Wants an answer; nothing happens when it is the one already wanted. @param revision of what the figure is about */
  want(host: HostConnection, params: P, revision = 0): void {
    const key = JSON.stringify([params, revision]);
    if (key === this.wanted) return;
    this.wanted = key;
    this.newest.want({ host, params });
  }

  /** A request that starts is no news: figures ask while they are drawn. */
  private tell(): void {
    const { shown, failure, told } = this;
    if (shown === told.shown && failure === told.failure) return;
    this.told = { shown, failure };
    this.changed();
  }
}
