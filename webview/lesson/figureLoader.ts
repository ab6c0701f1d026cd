import type { RequestType } from "vscode-jsonrpc";
import { type HostConnection, toDiagnostic, Withdrawn } from "../ui/hostConnection";

/**
 * Fetches what a figure shows, one answer at a time. What is shown stays until the answer to the newest wish arrives; a
 * newer wish withdraws the one before.
 */
export class FigureLoader<P, R> {
  /** The last answer, and what it is an answer to. */
  shown: R | undefined;
  failure: string | undefined;
  private wanted: string | undefined;
  private life = new AbortController();

  constructor(
    private readonly type: RequestType<P, R, void>,
    private readonly changed: () => void,
  ) {}

  /** Wants an answer; nothing happens when it is the one already wanted. @param revision of what the figure is about */
  want(host: HostConnection, params: P, revision = 0): void {
    const key = JSON.stringify([params, revision]);
    if (key === this.wanted) return;
    this.wanted = key;
    this.life.abort();
    this.life = new AbortController();
    void this.load(host, params, this.life.signal);
  }

  private async load(host: HostConnection, params: P, signal: AbortSignal): Promise<void> {
    try {
      const answer = await host.request(this.type, params, signal);
      if (signal.aborted) return;
      this.shown = answer;
      this.failure = undefined;
    } catch (error) {
      if (signal.aborted || error instanceof Withdrawn) return;
      this.failure = toDiagnostic(error).message;
    }
    this.changed();
  }
}
