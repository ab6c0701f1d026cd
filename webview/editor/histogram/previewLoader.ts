import type { Diagnostic } from "../../../src/core/errors";
import type { TensorStats } from "../../../src/core/measure/reports";
import type { PreviewReport } from "../../../src/jobs/contract";
import { editorProtocol } from "../../../src/protocol/editor";
import { type HostConnection, toDiagnostic, Withdrawn } from "../../ui/hostConnection";

/** What a figure is about: another of these needs another report. */
export interface PreviewSubject {
  tensor: number;
  scheme: string;
  bins: number;
  /** Of the file's content. */
  revision: number;
}

export interface ShownPreview {
  readonly subject: PreviewSubject;
  readonly report: PreviewReport;
}

function isSame(a: PreviewSubject | undefined, b: PreviewSubject): boolean {
  return a?.tensor === b.tensor && a.scheme === b.scheme && a.bins === b.bins && a.revision === b.revision;
}

/**
 * Fetches previews, one at a time. What is shown stays until the report for the newest wish arrives; a newer wish
 * withdraws the one before, and an answer to an older wish is dropped however late it comes.
 */
export class PreviewLoader {
  /** The report to draw; it may be about an older subject while a newer one is on its way. */
  shown: ShownPreview | undefined;
  /** Full statistics of the wanted tensor, as soon as they are there: percentiles come from these. */
  stats: TensorStats | undefined;
  failure: Diagnostic | undefined;
  waiting = false;
  private wanted: PreviewSubject | undefined;
  private statsOf: PreviewSubject | undefined;
  private token = 0;
  private life = new AbortController();
  private statsLife = new AbortController();

  constructor(
    private readonly host: Pick<HostConnection, "request" | "on">,
    private readonly changed: () => void,
  ) {
    host.on(editorProtocol.previewRefined, ({ token, report }) => {
      if (token !== this.token || !this.wanted) return;
      this.shown = { subject: this.wanted, report };
      this.changed();
    });
  }

  /** Whether what is shown is what is wanted. */
  get isCurrent(): boolean {
    return this.wanted !== undefined && isSame(this.shown?.subject, this.wanted);
  }

  /** Wants a report; nothing happens when it is the one already wanted. */
  want(subject: PreviewSubject): void {
    if (isSame(this.wanted, subject)) return;
    this.wanted = subject;
    this.token += 1;
    this.life.abort();
    this.life = new AbortController();
    this.failure = undefined;
    this.waiting = !(isSame(this.shown?.subject, subject) && this.shown?.report.sampled === false);
    if (this.waiting) void this.load(subject, this.token, this.life.signal);
    if (this.statsOf?.tensor === subject.tensor && this.statsOf.revision === subject.revision) return;
    this.statsOf = subject;
    this.statsLife.abort();
    this.statsLife = new AbortController();
    this.stats = undefined;
    void this.loadStats(subject.tensor, this.statsLife.signal);
  }

  /** Wants nothing any more. */
  stop(): void {
    this.life.abort();
    if (!this.stats) {
      this.statsLife.abort();
      this.statsOf = undefined;
    }
    this.wanted = undefined;
    this.waiting = false;
  }

  private async load(subject: PreviewSubject, token: number, signal: AbortSignal): Promise<void> {
    try {
      const { tensor, scheme, bins } = subject;
      const report = await this.host.request(editorProtocol.preview, { tensor, scheme, bins, token }, signal);
      if (signal.aborted) return;
      // The exact report may have overtaken the sampled one.
      const exactIsThere = this.shown && isSame(this.shown.subject, subject) && !this.shown.report.sampled;
      if (!exactIsThere) this.shown = { subject, report };
    } catch (error) {
      if (signal.aborted || error instanceof Withdrawn) return;
      this.failure = toDiagnostic(error);
    }
    this.waiting = false;
    this.changed();
  }

  private async loadStats(tensor: number, signal: AbortSignal): Promise<void> {
    try {
      this.stats = await this.host.request(editorProtocol.detail, { tensor }, signal);
      this.changed();
    } catch {
      // The preview tells what is wrong with the tensor; without statistics only the percentile marks are missing.
    }
  }
}
