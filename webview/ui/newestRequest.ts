import type { Diagnostic } from "../../src/core/errors";
import { toDiagnostic, Withdrawn } from "./hostConnection";

/** Milliseconds that a request has before a newer one takes its place: until then it is as good as done. */
const patience = 50;

/**
 * Asks for what was wanted last. One request at a time: while something is dragged, each answer that comes soon is shown, and one
 * that takes longer is withdrawn for the next wish.
 */
export class NewestRequest<S, R> {
  /** What the report is about. */
  shown: { subject: S; report: R } | undefined;
  failure: Diagnostic | undefined;
  private running: { subject: S; token: number; life: AbortController; isLate: boolean; timer: ReturnType<typeof setTimeout> } | undefined;
  private next: { subject: S } | undefined;
  private token = 0;
  private latest: S | undefined;

  /** @param ask for a report; its token comes back with what follows later */
  constructor(
    private readonly ask: (subject: S, token: number, signal: AbortSignal) => Promise<R>,
    private readonly changed: () => void,
  ) {}

  get waiting(): boolean {
    return this.running !== undefined;
  }

  /** Whether what is shown is what was wanted last. */
  get isCurrent(): boolean {
    return this.shown !== undefined && this.shown.subject === this.latest;
  }

  want(subject: S): void {
    this.latest = subject;
    if (!this.running) return this.start(subject);
    this.next = { subject };
    if (this.running.isLate) this.replace();
  }

  /** A report that comes after, or before, the answer of the request of a token. */
  take(token: number, report: R): void {
    if (token !== this.token || this.latest === undefined) return;
    this.shown = { subject: this.running?.subject ?? this.latest, report };
    this.changed();
  }

  private start(subject: S): void {
    const token = ++this.token;
    const life = new AbortController();
    const timer = setTimeout(() => {
      if (this.running?.token === token) this.running.isLate = true;
      if (this.next) this.replace();
    }, patience);
    this.running = { subject, token, life, isLate: false, timer };
    void this.run(subject, token, life.signal);
    this.changed();
  }

  private replace(): void {
    const { running, next } = this;
    if (!running || !next) return;
    clearTimeout(running.timer);
    running.life.abort();
    this.next = undefined;
    this.start(next.subject);
  }

  private async run(subject: S, token: number, signal: AbortSignal): Promise<void> {
    try {
      const report = await this.ask(subject, token, signal);
      if (signal.aborted) return;
      this.shown = { subject, report };
      this.failure = undefined;
    } catch (error) {
      if (signal.aborted || error instanceof Withdrawn) return;
      // What was given up for a newer wish is no failure.
      if (!this.next) this.failure = toDiagnostic(error);
    }
    clearTimeout(this.running?.timer);
    this.running = undefined;
    const { next } = this;
    this.next = undefined;
    if (next) this.start(next.subject);
    this.changed();
  }
}
