import type { Diagnostic } from "../../../src/core/errors";
import { editorProtocol, type TypesReport } from "../../../src/protocol/editor";
import { type HostConnection, toDiagnostic } from "../../ui/hostConnection";

/** A tensor of one content of the file. */
export interface TypesSubject {
  tensor: number;
  revision: number;
}

/** Fetches what types do to one tensor: figures from a sample as they come, then exact ones. A newer wish withdraws the one before. */
export class TypesLoader {
  /** Of the wanted tensor; undefined until there are any. */
  report: TypesReport | undefined;
  failure: Diagnostic | undefined;
  waiting = false;
  private wanted: TypesSubject | undefined;
  private life = new AbortController();

  constructor(
    private readonly host: Pick<HostConnection, "request" | "on">,
    private readonly changed: () => void,
  ) {
    host.on(editorProtocol.typesSampled, ({ tensor, report }) => {
      if (!this.waiting || this.wanted?.tensor !== tensor) return;
      this.report = report;
      this.changed();
    });
  }

  /** Wants a report; nothing happens when it is the one already wanted. */
  want(subject: TypesSubject): void {
    if (this.wanted?.tensor === subject.tensor && this.wanted.revision === subject.revision) return;
    this.stop();
    this.wanted = subject;
    this.waiting = true;
    void this.load(subject.tensor, this.life.signal);
  }

  /** Wants nothing any more. What is exact stays known to the host. */
  stop(): void {
    this.life.abort();
    this.life = new AbortController();
    this.wanted = undefined;
    this.report = undefined;
    this.failure = undefined;
    this.waiting = false;
  }

  private async load(tensor: number, signal: AbortSignal): Promise<void> {
    try {
      const report = await this.host.request(editorProtocol.types, { tensor }, signal);
      if (signal.aborted) return;
      this.report = report;
    } catch (error) {
      if (signal.aborted) return;
      this.failure = toDiagnostic(error);
    }
    this.waiting = false;
    this.changed();
  }
}
